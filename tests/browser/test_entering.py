"""Entering on a phone: how many screens and taps a week's report takes, and that nothing typed is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from reports.records.models import ActivityRecord, WorkingCopy
from tests.browser.conftest import Watched
from tests.personas import PASSWORD, World, make_world
from units.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PHONE = 390
DESK = 1440
MOST_SCREENS = 3
MOST_TAPS = 6
FORM = "/records/new/lecture/"
PageAt = Callable[[int], Watched]
SignInByForm = Callable[[Watched, Account], None]
# Counts what a finger does, and not what this test says that it does.
COUNT_TAPS = """
addEventListener("pointerdown", (event) => event.isTrusted && window.countTap(), true);
"""


@pytest.fixture
def live_world(transactional_db: None) -> World:
    """Return the small world, committed, so that the live server sees it."""
    return make_world()


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Return a page on a phone: narrow, touched, with a keyboard on glass."""
    context = chromium.new_context(
        viewport={"width": PHONE, "height": 844},
        base_url=live_server.url,
        locale="zh-CN",
        has_touch=True,
        is_mobile=True,
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def kept(page: Page, state: str = "saved") -> None:
    """Wait until the form says that what was typed is kept."""
    page.wait_for_selector(f"[data-keep-line][data-state={state}]")


def test_the_weekly_task_takes_three_screens_and_six_taps(live_world: World, phone: Page) -> None:
    """Count from the sign-in page until the record waits for review.

    A screen is a page on which something has to be done: sign-in, start, form; the answer “waiting for
    review” is the end and asks for nothing. A tap is a finger on the page, counted by the page itself as
    a trusted `pointerdown`. What is done on the on-screen keyboard, its “next” key included, is the text
    itself. Nothing is filled in by the test behind the page's back: every text goes through the keyboard
    into the field that has the focus.
    """
    taps: list[str] = []
    screens: list[str] = []
    phone.expose_function("countTap", lambda: taps.append(phone.url))
    phone.add_init_script(COUNT_TAPS)
    phone.on("domcontentloaded", lambda page: screens.append(page.url))
    keys = phone.keyboard
    phone.goto("/sign-in/")
    phone.tap("[name=username]")
    keys.type(live_world.liaison.username)
    phone.tap("[name=password]")
    keys.type(PASSWORD)
    phone.tap("form[action='/sign-in/'] [type=submit]")
    phone.tap(".quick-tile")
    phone.tap("[name=title]")
    for text in ("宣讲进校园", "报告厅", "1", "120", "300"):
        keys.insert_text(text)
        keys.press("Enter")
    keys.insert_text("面向全体教师。")
    phone.tap("[name=deed][value=submit]")
    phone.wait_for_selector(".tag-submitted")
    record = ActivityRecord.objects.get()
    assert (record.status, record.held_on) == ("submitted", live_world.today)
    assert (record.place, record.text) == ("报告厅", "面向全体教师。")
    assert record.values == {"sessions": 1, "onsite": 120, "online": 300}
    assert len(taps) <= MOST_TAPS, taps
    # The last one is the answer.
    assert len(screens) - 1 <= MOST_SCREENS, screens


def test_last_weeks_record_is_copied_with_one_tap(live_world: World, phone: Page) -> None:
    last_week = live_world.today - dt.timedelta(days=7)
    live_world.approved(held_on=last_week, title="上周的宣讲")
    sign_in(phone, live_world.liaison)
    phone.tap(".quick-copy")
    phone.wait_for_selector("[data-record-form]")
    assert phone.input_value("[name=title]") == "上周的宣讲"
    assert phone.input_value("[name=held_on]") == live_world.today.isoformat()
    assert phone.input_value("[name=value_onsite]") == ""


def sign_in(page: Page, account: Account) -> None:
    """Sign a person in on the form."""
    if "/sign-in/" not in page.url:
        page.goto("/sign-in/")
    page.fill("[name=username]", account.username)
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/sign-in/'] [type=submit]")
    page.wait_for_url(lambda address: "/sign-in/" not in address)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_closed_tab_loses_nothing(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm, width: int
) -> None:
    watched = page_at(width)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    watched.check("start with tiles")
    page.goto(FORM)
    watched.check("empty form")
    page.fill("[name=title]", "写到一半")
    page.fill("[name=value_onsite]", "一百")
    kept(page)
    second = page.context.new_page()
    page.close()
    watched.page = second
    second.goto("/")
    watched.check("start with something unsent")
    second.click(".attention-unsent .attention-link")
    second.wait_for_selector("[data-restored]")
    assert second.input_value("[name=title]") == "写到一半"
    assert second.input_value("[name=value_onsite]") == "一百"
    watched.check("form that came back")
    second.click("[data-restored] button")
    second.wait_for_url("**/")
    assert not WorkingCopy.objects.exists()


def test_a_lost_connection_loses_nothing(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(PHONE)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    page.goto(FORM)
    page.context.set_offline(True)
    page.fill("[name=title]", "地铁里写的")
    kept(page, "offline")
    page.close()
    context = watched.page.context
    context.set_offline(False)
    back = context.new_page()
    back.goto("/")
    back.wait_for_function("() => window.typed.flushed.then(() => true)")
    assert WorkingCopy.objects.get().first("title") == "地铁里写的"
    assert back.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed:')).length") == 0
    back.goto(FORM)
    assert back.input_value("[name=title]") == "地铁里写的"


def test_an_ended_session_loses_nothing(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(DESK)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    page.goto(FORM)
    # The row of the session is gone: nobody can tell any more whose form comes in.
    Session.objects.all().delete()
    page.fill("[name=title]", "会上写的")
    kept(page, "signed-out")
    page.fill("[name=text]", "散会前的最后一句")
    page.click("[name=deed][value=submit]")
    page.wait_for_url("**/sign-in/**")
    assert not ActivityRecord.objects.exists()
    sign_in(page, live_world.liaison)
    page.wait_for_selector("[data-restored]")
    assert page.input_value("[name=title]") == "会上写的"
    assert page.input_value("[name=text]") == "散会前的最后一句"
    page.fill("[name=value_sessions]", "1")
    page.fill("[name=value_onsite]", "9")
    page.click("[name=deed][value=submit]")
    page.wait_for_selector(".tag-submitted")
    page.wait_for_function("() => window.typed.flushed.then(() => true)")
    assert not WorkingCopy.objects.exists()


def test_two_tabs_show_both_and_lose_none(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(DESK)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    page.goto(FORM)
    page.fill("[name=title]", "甲")
    kept(page)
    other = page.context.new_page()
    other.goto(FORM)
    other.fill("[name=title]", "乙")
    kept(other)
    page.fill("[name=text]", "甲的正文")
    kept(page, "others")
    assert {copy.first("title") for copy in WorkingCopy.objects.all()} == {"甲", "乙"}
    other.reload()
    watched.page = other
    watched.check("form with a copy of another tab")
    assert other.locator("[data-unsent]").count() == 1
    page.click("[name=deed][value=save]")
    page.wait_for_url("**/records/*/")
    other.click("[name=deed][value=save]")
    other.wait_for_selector("[data-conflict]")
    assert "甲" in (other.text_content(".conflict-stored") or "")
    assert other.input_value("[name=title]") == "乙"


def test_signing_out_leaves_nothing_of_anybody_on_the_device(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(DESK)
    page = watched.page
    sign_in_by_form(watched, live_world.liaison)
    foreign = (
        "localStorage.setItem('typed:999:a:b', JSON.stringify({person: 999, at: Date.now(), fields: {}}))"
    )
    page.evaluate(foreign)
    page.click(".person-menu > summary")
    page.click("[data-sign-out] button")
    page.wait_for_url("**/sign-in/**")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('typed:')).length") == 0
