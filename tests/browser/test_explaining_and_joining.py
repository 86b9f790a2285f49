"""The questions under the fields and joining an event, on a phone and at a desk, by keyboard alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.campaigns.models import Indicator
from reports.records import joining
from reports.records.models import ActivityRecord, JointEvent
from tests.browser.conftest import Watched
from tests.personas import World, make_world
from units.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PageAt = Callable[[int], Watched]
SignInByForm = Callable[[Watched, Account], None]
WIDTHS = pytest.mark.parametrize("width", [390, 1440])
RECORD = re.compile(r"/records/\d+/(#.*)?$")
# The answer to a form that was refused stands in the console, too.
REFUSED = ("Failed to load resource: the server responded with a status of 422",)


@pytest.fixture
def live_world(transactional_db: None) -> World:
    """Return the small world, committed; its lecture asks why more than 100 came."""
    world = make_world()
    Indicator.objects.filter(code="onsite").update(soft_maximum=100)
    return world


def pictured(watched: Watched, name: str) -> None:
    """Check a page, and keep a picture of it where PICTURES names a folder."""
    watched.check(name)
    if folder := os.environ.get("PICTURES"):
        watched.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@WIDTHS
def test_what_is_doubtful_is_explained_under_its_field(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm, width: int
) -> None:
    foreign, watched = live_world.foreign(reasons={"above_onsite": "全校参加"}), page_at(width)
    watched.tolerated = REFUSED
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    page.goto("/records/new/lecture/")
    for name, value in (
        ("title", foreign.title),
        ("place", foreign.place),
        ("value_sessions", "1"),
        ("value_onsite", "120"),
        ("text", "面向全体教师，联系电话13812345678。"),
    ):
        page.fill(f"[name={name}]", value)
    page.click("[name=deed][value=submit]")
    page.wait_for_selector("[data-doubt]")
    assert page.locator("[data-doubt]").count() == 3
    pictured(watched, f"questions-{width}")
    page.click(".errors a[href='#id_reason_above_onsite']")
    page.keyboard.type("三校联合举办，含家长代表。")
    page.fill("[name=reason_mobile_text]", "值班电话，可公开。")
    page.focus("#joins-twin")
    page.keyboard.press("Space")
    page.click("[name=deed][value=submit]")
    page.wait_for_url(RECORD)
    record = ActivityRecord.objects.get(unit=live_world.school)
    assert (record.status, record.is_companion) == ("submitted", True)
    pictured(watched, f"explained-{width}")


@WIDTHS
def test_an_event_is_joined_by_keyboard_alone(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm, width: int
) -> None:
    event = JointEvent(
        activity_type=live_world.lecture,
        host=live_world.other_school,
        held_on=live_world.today,
        title="全市教育系统主题教育报告会",
        place="大剧院",
        is_for_all=True,
    )
    joining.announce(event, actor=live_world.administrator)
    watched = page_at(width)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    page.goto("/records/new/")
    pictured(watched, f"joinable-{width}")
    page.focus(".joinable button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*/edit/")
    assert page.locator("[name=value_sessions]").count() == 0
    page.focus("[name=value_onsite]")
    page.keyboard.type("80")
    page.focus("[name=deed][value=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(RECORD)
    assert page.locator(".company").count() == 1
    pictured(watched, f"joined-{width}")
