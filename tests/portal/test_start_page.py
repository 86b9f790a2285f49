"""The start page: what is due, what came back, and who sees what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reports.campaigns.models import Campaign
from reports.records import workflow
from reports.weekly import filing
from reports.weekly.models import Standing, WeeklyReport
from tests.personas import World
from units.accounts import appoint
from units.models import Account
from units.roles import LIAISON

SignIn = Callable[[Account], Client]
# Two of them for the median of the kind, once in ten minutes.
MOST_QUERIES = 24


def test_liaison_sees_the_week_with_its_sums(
    world: World, sign_in: SignIn, run_tally: Callable[[], None]
) -> None:
    world.approved()
    world.submitted()
    draft = world.draft()
    run_tally()
    work = sign_in(world.liaison).get("/").context["work"]
    assert (work.week.totals.sessions, work.week.totals.onsite, work.week.totals.online) == (1, 120, 300)
    assert (len(work.week.records), work.week.n_waiting) == (3, 1)
    assert draft in work.week.records
    assert work.week.report.unit == world.school


def test_nothing_approved_prints_as_a_dash_and_not_as_zero(world: World, sign_in: SignIn) -> None:
    world.submitted()
    response = sign_in(world.liaison).get("/")
    assert response.context["work"].week.totals.sessions is None
    assert "<strong>—</strong>" in response.content.decode()


def test_returned_record_stands_there_with_its_reason(world: World, sign_in: SignIn) -> None:
    record = workflow.send_back(world.submitted(), actor=world.reviewer, note="人次与照片不符")
    response = sign_in(world.liaison).get("/")
    assert [(row.record, row.note) for row in response.context["work"].returned] == [
        (record, "人次与照片不符")
    ]
    assert "人次与照片不符" in response.content.decode()


@pytest.mark.parametrize(("hours", "standing"), [(1, Standing.DUE), (-1, Standing.MISSING)])
def test_due_moment_decides_between_due_and_missing(
    world: World, sign_in: SignIn, hours: int, standing: Standing
) -> None:
    due_at = timezone.now() + dt.timedelta(hours=hours)
    WeeklyReport.objects.filter(period=world.period).update(due_at=due_at, close_at=due_at)
    response = sign_in(world.liaison).get("/")
    assert response.context["work"].week.standing == standing
    assert f"tag-{standing.value}" in response.content.decode()


def test_filed_report_asks_for_nothing_more(world: World, sign_in: SignIn) -> None:
    report = WeeklyReport.objects.get(unit=world.school, period=world.period)
    filing.file_zero(report, actor=world.liaison, reason="本周放假")
    response = sign_in(world.liaison).get("/")
    assert response.context["work"].week.standing == Standing.ZERO
    assert "#zero" not in response.content.decode()


def test_chart_shows_each_week_and_dashes_where_nothing_was(
    world: World, sign_in: SignIn, run_tally: Callable[[], None]
) -> None:
    world.approved()
    run_tally()
    bars = sign_in(world.liaison).get("/").context["work"].bars
    assert [bar.value for bar in bars] == [None] * (len(bars) - 1) + [1]
    assert bars[-1].is_last


def test_liaison_of_two_units_picks_one_and_no_third(world: World, sign_in: SignIn) -> None:
    appoint(world.liaison, LIAISON, actor=None, unit=world.other_school)
    browser = sign_in(world.liaison)
    assert browser.get("/").context["work"].desk.unit == world.school
    picked = browser.get(f"/?unit={world.other_school.pk}").context["work"]
    assert picked.desk.unit == world.other_school
    assert browser.get(f"/?unit={world.bureau.pk}").status_code == 404


def test_reviewer_sees_the_queue_without_own_submissions(world: World, sign_in: SignIn) -> None:
    appoint(world.reviewer, LIAISON, actor=None, unit=world.school)
    oldest = world.submitted()
    workflow.submit(world.draft(), actor=world.reviewer)
    context = sign_in(world.reviewer).get("/").context
    assert (context["queue"].n_waiting, context["queue"].oldest) == (1, oldest)


@pytest.mark.parametrize("who", ["leader", "team_member", "head"])
def test_reader_sees_the_figures_of_their_units(
    world: World, sign_in: SignIn, run_tally: Callable[[], None], who: str
) -> None:
    world.approved()
    run_tally()
    context = sign_in(getattr(world, who)).get("/").context
    assert [figure.so_far for figure in context["overview"].figures] == [1, 120, 300, 1]
    assert (context["work"], context["queue"]) == (None, None)


@pytest.mark.parametrize("who", ["newcomer", "auditor"])
def test_person_without_a_role_is_told_whom_to_ask(world: World, sign_in: SignIn, who: str) -> None:
    world.approved()
    response = sign_in(getattr(world, who)).get("/")
    assert 'data-empty="no-role"' in response.content.decode()
    assert (response.context["work"], response.context["queue"], response.context["overview"]) == (None,) * 3


def test_portal_without_a_campaign_says_so(db: None, sign_in: SignIn) -> None:
    nobody = Account.objects.create_user("nobody", password="x")
    response = sign_in(nobody).get("/")
    assert 'data-empty="no-campaign"' in response.content.decode()


@pytest.mark.parametrize("who", ["liaison", "head", "reviewer", "leader", "team_member", "administrator"])
def test_page_stays_within_its_queries(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries, who: str
) -> None:
    for _ in range(3):
        workflow.send_back(world.submitted(), actor=world.reviewer, note="请补充")
        world.submitted()
    browser = sign_in(getattr(world, who))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert browser.get("/").status_code == 200


def test_navigation_offers_only_what_the_person_may_use(world: World, sign_in: SignIn) -> None:
    def icons(account: Account) -> list[str]:
        return [link.icon for link in sign_in(account).get("/").context["frame"].links]

    assert icons(world.liaison) == ["week", "records", "weekly", "statistics", "unit"]
    assert icons(world.reviewer) == ["week", "records", "board", "statistics", "unit", "admin"]
    assert icons(world.leader) == ["week", "records", "weekly", "board", "statistics", "unit"]
    assert icons(world.newcomer) == ["week", "admin"]


def test_of_two_entries_that_hold_the_page_the_longer_one_is_marked(world: World, sign_in: SignIn) -> None:
    links = sign_in(world.leader).get("/weekly/board/").context["frame"].links
    assert [link.icon for link in links if link.is_here] == ["board"]


def test_unit_sees_its_on_time_rate_beside_the_median_of_its_kind(world: World, sign_in: SignIn) -> None:
    due_at = timezone.now() - dt.timedelta(hours=1)
    WeeklyReport.objects.update(due_at=due_at, close_at=due_at)
    own = WeeklyReport.objects.filter(unit=world.school).order_by("pk")
    WeeklyReport.objects.filter(pk=own.values("pk")[:1]).update(filed_at=due_at)
    response = sign_in(world.liaison).get("/")
    assert round(response.context["work"].own.rates.in_time_pct) == 33
    assert "data-own-rates" in response.content.decode()
    # Of two other schools nobody learns how they stand.
    assert response.context["work"].own.median_pct is None


def test_campaign_switch_puts_another_campaign_on_screen(world: World, sign_in: SignIn) -> None:
    today = world.today
    other = Campaign.objects.create(code="other", name="作风建设", starts_on=today, ends_on=today)
    browser = sign_in(world.liaison)
    assert browser.get(f"/campaigns/{other.pk}/choose/").status_code == 405
    assert browser.post(f"/campaigns/{other.pk}/choose/").headers["Location"] == "/"
    assert browser.get("/").context["frame"].campaign == other
    assert browser.post("/campaigns/999999/choose/").status_code == 404
