"""The liaison's path on a phone: sign in, see the week, record an activity, submit it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from reports.records import workflow
from reports.records.models import ActivityRecord
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


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_liaison_records_and_submits(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm, width: int
) -> None:
    watched = page_at(width)
    page = watched.page
    page.goto("/sign-in/")
    watched.check("sign-in")
    sign_in_by_form(watched, live_world.liaison)
    watched.check("start")
    page.click("main a[href='/records/new/']")
    watched.check("types")
    page.click("a[href='/records/new/lecture/']")
    watched.check("form")
    page.fill("[name=title]", "宣讲进校园")
    page.click("[data-day]:not([disabled]) >> nth=-1")
    page.fill("[name=place]", "报告厅")
    page.fill("[name=value_sessions]", "1")
    page.fill("[name=value_onsite]", "120")
    page.fill("[name=text]", "面向全体教师。")
    page.click("[name=deed][value=submit]")
    page.wait_for_url("**/records/*/")
    assert page.locator(".page-head .tag-submitted").count() == 1
    watched.check("detail")
    record = ActivityRecord.objects.get()
    assert (record.status, record.held_on) == ("submitted", live_world.today)
    page.goto("/records/")
    assert page.locator(".record-line").count() == 1
    watched.check("list")


def test_returned_record_is_found_and_corrected(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    record = workflow.send_back(live_world.submitted(), actor=live_world.reviewer, note="人次与照片不符")
    watched = page_at(PHONE)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    watched.check("start with something returned")
    page.click(".attention-link[href*='/records/']")
    watched.check("form with its reason")
    page.fill("[name=value_onsite]", "90")
    page.click("[name=deed][value=submit]")
    page.wait_for_url(f"**{reverse('records:record-detail', args=[record.pk])}")
    record.refresh_from_db()
    assert (record.status, record.values["onsite"]) == ("submitted", 90)


def test_errors_take_the_focus_and_lead_to_their_fields(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(PHONE)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    page.goto("/records/new/lecture/")
    page.fill("[name=value_onsite]", "abc")
    page.click("[name=deed][value=submit]")
    page.wait_for_selector(".errors")
    assert page.evaluate("document.activeElement.className") == "errors"
    page.click(".errors a[href='#id_value_onsite']")
    assert page.evaluate("document.activeElement.name") == "value_onsite"
    assert page.input_value("[name=value_onsite]") == "abc"
    # The refused form is an answer with a status of its own, which the console reports as such.
    watched.complaints = [text for text in watched.complaints if "422" not in text]
    watched.check("form with errors")


def test_menus_work_with_the_keyboard_alone(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(DESK)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.focus(".person-menu > summary")
    page.keyboard.press("Enter")
    assert page.locator(".person-menu[open]").count() == 1
    watched.check("open menu")
    page.keyboard.press("Escape")
    assert page.locator(".person-menu[open]").count() == 0
