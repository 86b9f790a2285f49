"""The weekly report on a phone: zero in two taps, texts that survive, a return, a signature."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse

from reports.campaigns.models import Campaign
from reports.weekly import reviewing
from reports.weekly.models import ReportDraft, WeeklyReport
from tests.browser.conftest import Watched
from tests.personas import World, make_world
from tests.reports.reports_owed import again, filed, owed, page, review_page
from units.models import Account

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PHONE, DESK = 390, 1440
PageAt = Callable[[int], Watched]
SignInByForm = Callable[[Watched, Account], None]


@pytest.fixture
def live_world(transactional_db: None) -> World:
    """Return the small world, committed, so that the live server sees it."""
    return make_world()


@pytest.fixture
def report(live_world: World) -> WeeklyReport:
    """Return what the liaison's school owes for this week."""
    return owed(live_world)


def test_zero_report_takes_two_taps_from_the_start_page(
    live_world: World, report: WeeklyReport, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(PHONE)
    phone = watched.page
    sign_in_by_form(watched, live_world.liaison)
    phone.click(".zero-start > summary")
    watched.check("start with the reasons")
    phone.click(".zero-start .one-tap >> nth=0")
    phone.wait_for_url(f"**{page(report)}")
    assert again(report).is_zero
    assert phone.locator("[data-standing=zero]").count() == 1
    watched.check("zero report")
    phone.goto(page(report, "sheet"))
    watched.check("sheet of a zero report")


def test_typed_text_survives_a_closed_tab_and_is_filed(
    live_world: World, report: WeeklyReport, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(PHONE)
    phone = watched.page
    sign_in_by_form(watched, live_world.liaison)
    phone.goto(page(report))
    watched.check("form")
    phone.fill("[name=progress]", "组织专题党课两场。")
    phone.wait_for_selector("[data-keep-line][data-state=saved]")
    other = phone.context.new_page()
    phone.close()
    other.goto(page(report))
    assert other.input_value("[name=progress]") == "组织专题党课两场。"
    other.click("form[action$='/file/'] [type=submit]")
    other.wait_for_selector("[data-filed]")
    assert again(report).progress == "组织专题党课两场。"
    assert not ReportDraft.objects.exists()


def test_text_typed_while_signed_out_waits_on_the_device(
    live_world: World, report: WeeklyReport, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    watched = page_at(PHONE)
    phone = watched.page
    sign_in_by_form(watched, live_world.liaison)
    phone.goto(page(report))
    # The session has run out; the cookie of the form's token lives longer.
    phone.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    phone.fill("[name=progress]", "写到一半，会话过期。")
    phone.click("form[action$='/file/'] [type=submit]")
    phone.wait_for_url("**/sign-in/**")
    sign_in_by_form(watched, live_world.liaison)
    phone.wait_for_load_state("networkidle")
    phone.goto(page(report))
    phone.wait_for_function("document.querySelector('[name=progress]').value.startsWith('写到一半')")
    assert again(report).filed_at is None


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_reviewer_returns_and_accepts_and_every_page_is_clean(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm, width: int
) -> None:
    Campaign.objects.filter(pk=live_world.campaign.pk).update(asks_signature=True)
    report = filed(live_world)
    watched = page_at(width)
    browser = watched.page
    sign_in_by_form(watched, live_world.reviewer)
    watched.check("start of a reviewer")
    browser.goto(reverse("admin:weekly_weeklyreport_changelist"))
    watched.check("queue")
    browser.goto(review_page(report))
    watched.check("review")
    browser.check("[data-decision=return] [name=reasons] >> nth=0")
    browser.click("[data-decision=return] [type=submit]")
    browser.wait_for_url("**/weekly/weeklyreport/")
    assert again(report).n_returns == 1
    watched_head = page_at(width)
    sign_in_by_form(watched_head, live_world.liaison)
    watched_head.page.goto(page(report))
    watched_head.check("returned")


def test_head_signs_and_the_sheet_bears_the_name(
    live_world: World, page_at: PageAt, sign_in_by_form: SignInByForm
) -> None:
    Campaign.objects.filter(pk=live_world.campaign.pk).update(asks_signature=True)
    report = reviewing.accept(filed(live_world), actor=live_world.reviewer)
    watched = page_at(PHONE)
    phone = watched.page
    sign_in_by_form(watched, live_world.head)
    watched.check("start of a unit head")
    phone.click("[data-to-sign] [type=submit]")
    phone.wait_for_selector("[data-signed]")
    phone.goto(page(report, "sheet"))
    assert str(live_world.head) in phone.inner_text("[data-sheet]")
    watched.check("sheet")
