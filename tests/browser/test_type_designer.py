"""Designing a type in a real browser: the preview follows the keys, indicators move up and down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from reports.campaigns.models import ActivityType
from tests.browser.conftest import Watched
from tests.personas import World, make_world
from units.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PHONE = 390
DESK = 1440
PageAt = Callable[[int], Watched]
SignInByForm = Callable[[Watched, Account], None]


@pytest.fixture
def live_world(transactional_db: None) -> World:
    """Return the small world, committed, so that the live server sees it."""
    return make_world()


def designer_at(page_at: PageAt, width: int) -> Watched:
    """Return a page on which Django's own scripts may try to style an element by itself."""
    watched = page_at(width)
    watched.tolerated = ("Applying inline style violates", "Couldn't load preload assets")
    return watched


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_preview_follows_what_is_typed_and_the_page_is_saved_by_keyboard_alone(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm, width: int
) -> None:
    watched = designer_at(page_at, width)
    page = watched.page
    sign_in_by_form(watched, live_world.administrator)
    page.goto(reverse("admin:campaigns_activitytype_change", args=[live_world.lecture.pk]))
    page.wait_for_selector("[data-sheet] .entries")
    watched.check("designer")
    page.focus("[name=modes]")
    page.keyboard.insert_text("集中宣讲\n分众宣讲")
    page.wait_for_selector("[data-sheet] .picks")
    page.focus("[name='indicators-0-name']")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("场数")
    page.wait_for_function("() => document.querySelector('[data-sheet]').textContent.includes('场数')")
    page.focus("#indicators-1 [data-step='-1']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.step") == "-1"
    page.focus("[name=_continue]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist .success, .message-success, .success")
    watched.check("designer when stored")
    stored = ActivityType.objects.get(pk=live_world.lecture.pk)
    assert stored.modes == ["集中宣讲", "分众宣讲"]
    assert [one.name for one in stored.indicators.in_order()] == ["线下人次", "场数", "线上人次"]


def test_a_new_choice_is_added_and_seen_at_once(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = designer_at(page_at, DESK)
    page = watched.page
    sign_in_by_form(watched, live_world.administrator)
    page.goto(reverse("admin:campaigns_activitytype_change", args=[live_world.lecture.pk]))
    page.click("#indicators-group .add-row a")
    page.fill("[name='indicators-3-code']", "audience")
    page.fill("[name='indicators-3-name']", "对象")
    page.select_option("[name='indicators-3-kind']", "choice")
    page.fill("[name='indicators-3-options']", "教师\n学生")
    page.wait_for_function("() => document.querySelector('[data-sheet]').textContent.includes('学生')")
    watched.check("designer with a new choice")
    page.click("[name=_save]")
    page.wait_for_url("**/activitytype/")
    assert live_world.lecture.indicators.get(code="audience").options == ["教师", "学生"]
