"""Week arithmetic: every day lies in one week, wherever the year ends and whatever the server's zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from reports.campaigns.models import Campaign, Period
from reports.campaigns.opening import ensure_periods
from reports.campaigns.periods import Bounds, Cadence, Rule, cut, local_day, week_start, weekday_in
from reports.campaigns.workdays import Special, Workdays
from reports.weekly.models import WeeklyReport
from reports.weekly.obligations import ensure_reports
from tests.personas import unit
from units.models import Unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))
WEEKDAYS = st.integers(0, 6)


def rule(first_weekday: int = 0, due_weekday: int = 4, n_grace_days: int = 7) -> Rule:
    return Rule(first_weekday, due_weekday, dt.time(17), n_grace_days, SHANGHAI)


def weeks(starts_on: dt.date, ends_on: dt.date, **changed: int) -> list[Bounds]:
    return list(cut(rule(**changed), starts_on, ends_on, ends_on))


@given(DAYS, st.integers(0, 400), WEEKDAYS, WEEKDAYS)
def test_weeks_cover_the_campaign_without_gap_or_overlap(
    starts_on: dt.date, length: int, first_weekday: int, due_weekday: int
) -> None:
    ends_on = starts_on + dt.timedelta(days=length)
    found = weeks(starts_on, ends_on, first_weekday=first_weekday, due_weekday=due_weekday)
    days = [
        week.starts_on + dt.timedelta(days=day)
        for week in found
        for day in range((week.ends_on - week.starts_on).days + 1)
    ]
    assert days == [starts_on + dt.timedelta(days=day) for day in range(length + 1)]
    assert [week.number for week in found] == list(range(1, len(found) + 1))
    assert all(week.starts_on.weekday() == first_weekday for week in found[1:])
    assert all(week.due_at <= week.close_at for week in found)
    assert all(week.due_at.weekday() == due_weekday for week in found[1:])
    assert all(week.due_at.date() >= week.starts_on for week in found)


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_weeks_that_have_begun_are_the_first_of_all_weeks(
    starts_on: dt.date, length: int, elapsed: int
) -> None:
    ends_on = starts_on + dt.timedelta(days=length)
    until = starts_on + dt.timedelta(days=elapsed)
    begun = list(cut(rule(), starts_on, ends_on, until))
    every = weeks(starts_on, ends_on)
    assert begun == every[: len(begun)]
    assert all(week.starts_on <= until for week in begun)
    assert len(begun) == len([week for week in every if week.starts_on <= until])


@given(DAYS, WEEKDAYS)
def test_week_start_is_the_last_such_weekday(day: dt.date, first_weekday: int) -> None:
    start = week_start(day, first_weekday)
    assert start.weekday() == first_weekday
    assert 0 <= (day - start).days < 7
    assert weekday_in(start, day.weekday()) == day


def test_iso_week_53_of_2026_is_one_week_across_the_year() -> None:
    found = weeks(dt.date(2026, 12, 14), dt.date(2027, 1, 17))
    spans = [(week.starts_on, week.ends_on) for week in found]
    assert spans == [
        (dt.date(2026, 12, 14), dt.date(2026, 12, 20)),
        (dt.date(2026, 12, 21), dt.date(2026, 12, 27)),
        (dt.date(2026, 12, 28), dt.date(2027, 1, 3)),
        (dt.date(2027, 1, 4), dt.date(2027, 1, 10)),
        (dt.date(2027, 1, 11), dt.date(2027, 1, 17)),
    ]
    assert found[2].starts_on.isocalendar()[:2] == found[2].ends_on.isocalendar()[:2] == (2026, 53)
    assert found[2].due_at == dt.datetime(2027, 1, 1, 17, 0, 59, 999_999, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T15:59:59+00:00", "2026-11-22"),
        ("2026-11-22T16:00:00+00:00", "2026-11-23"),
        ("2026-12-31T16:00:00+00:00", "2027-01-01"),
    ],
)
def test_day_begins_at_midnight_in_shanghai(moment: str, day: str) -> None:
    assert local_day(dt.datetime.fromisoformat(moment), SHANGHAI).isoformat() == day


def test_first_and_last_week_are_cut_to_the_campaign() -> None:
    [first, last] = weeks(dt.date(2026, 11, 18), dt.date(2026, 11, 24))
    assert (first.starts_on, first.ends_on) == (dt.date(2026, 11, 18), dt.date(2026, 11, 22))
    assert (last.starts_on, last.ends_on) == (dt.date(2026, 11, 23), dt.date(2026, 11, 24))


def test_first_period_that_begins_behind_its_deadline_is_due_when_it_ends() -> None:
    [first, _second] = weeks(dt.date(2026, 11, 21), dt.date(2026, 11, 24))
    assert first.due_at.date() == first.ends_on == dt.date(2026, 11, 22)


@given(DAYS, st.integers(0, 800), WEEKDAYS, WEEKDAYS, st.sampled_from([Cadence.FORTNIGHTLY, Cadence.MONTHLY]))
def test_longer_periods_cover_the_campaign_too(
    starts_on: dt.date, length: int, first_weekday: int, due_weekday: int, cadence: Cadence
) -> None:
    ends_on = starts_on + dt.timedelta(days=length)
    found = list(cut(replace(rule(first_weekday, due_weekday), cadence=cadence), starts_on, ends_on, ends_on))
    assert (found[0].starts_on, found[-1].ends_on) == (starts_on, ends_on)
    for one, following in pairwise(found):
        assert following.starts_on == one.ends_on + dt.timedelta(days=1)
        assert following.number == one.number + 1
    for one in found:
        assert one.starts_on <= one.due_at.date() <= one.close_at.date()
    if cadence is Cadence.MONTHLY:
        assert all(one.starts_on.day == 1 for one in found[1:])
    else:
        assert all((one.ends_on - one.starts_on).days == 13 for one in found[1:-1])


def golden_week(*, knows: bool = True) -> Workdays:
    """Return the first days of October 2026, off from Thursday to Wednesday, worked on the Saturday after."""
    off = {dt.date(2026, 10, day): Special("国庆节", is_off=True) for day in range(1, 8)}
    worked = {dt.date(2026, 10, 10): Special("国庆节", is_off=False)}
    return Workdays(off | worked, frozenset({2026} if knows else ()))


def test_deadline_in_a_holiday_moves_to_the_next_working_day_and_says_why() -> None:
    october = replace(rule(), workdays=golden_week())
    first, last = dt.date(2026, 9, 28), dt.date(2026, 10, 11)
    [holiday, after] = cut(october, first, last, last)
    assert holiday.planned_due_on == dt.date(2026, 10, 2)
    assert holiday.due_at.date() == dt.date(2026, 10, 8)
    assert holiday.moved_for == "国庆节"
    assert (after.due_at.date(), after.moved_for, after.is_plain) == (dt.date(2026, 10, 9), "", False)


def test_make_up_working_day_is_a_deadline_and_a_meant_sunday_stays() -> None:
    workdays = golden_week()
    assert workdays.settle(dt.date(2026, 10, 10)).day == dt.date(2026, 10, 10)
    assert workdays.settle(dt.date(2026, 10, 18)).day == dt.date(2026, 10, 18)
    assert workdays.is_workday(dt.date(2026, 10, 10))
    assert not workdays.is_workday(dt.date(2026, 10, 11))
    assert workdays.after(dt.date(2026, 9, 30), 2) == dt.date(2026, 10, 9)


def test_deadline_pushed_behind_the_close_takes_the_close_along() -> None:
    strict = replace(rule(n_grace_days=0), workdays=golden_week())
    [week] = cut(strict, dt.date(2026, 9, 28), dt.date(2026, 10, 4), dt.date(2026, 10, 4))
    assert week.due_at == week.close_at


def test_year_without_a_calendar_says_so() -> None:
    [week] = weeks(dt.date(2027, 3, 1), dt.date(2027, 3, 7))
    assert week.is_plain


def test_calendar_of_nothing_but_days_off_moves_nothing() -> None:
    forged = {dt.date(2026, 1, 1) + dt.timedelta(days=day): Special("假", is_off=True) for day in range(90)}
    assert Workdays(forged).settle(dt.date(2026, 1, 2)).day == dt.date(2026, 1, 2)


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Return a campaign of five weeks across the end of 2026."""
    unit("S", "滨海市第一中学", "school", unit("B", "滨海市教育局", "bureau"))
    return Campaign.objects.create(
        code="winter", name="冬", starts_on=dt.date(2026, 12, 14), ends_on=dt.date(2027, 1, 17)
    )


def open_now(campaign: Campaign, moment: str) -> list[int]:
    """Run the clock's work at a moment and return the numbers of all periods there are then."""
    with time_machine.travel(moment, tick=False):
        now = dt.datetime.now(dt.UTC)
        ensure_periods(campaign, now=now)
        ensure_reports(campaign, now=now)
    return list(campaign.periods.order_by("number").values_list("number", flat=True))


def test_week_opens_at_midnight_of_monday_in_shanghai(campaign: Campaign) -> None:
    assert open_now(campaign, "2026-12-27T15:59:59+00:00") == [0, 1, 2]
    assert open_now(campaign, "2026-12-27T16:00:00+00:00") == [0, 1, 2, 3]


def test_clock_run_twice_or_late_makes_the_same_rows(campaign: Campaign) -> None:
    for moment in ("2026-12-14T01:00Z", "2026-12-14T01:00Z", "2027-01-05T01:00Z", "2026-12-20T01:00Z"):
        open_now(campaign, moment)
    assert open_now(campaign, "2027-03-01T01:00Z") == [0, 1, 2, 3, 4, 5]
    assert WeeklyReport.objects.count() == 5
    assert Period.objects.count() == 6


def test_period_never_changes_when_the_rule_does(campaign: Campaign) -> None:
    open_now(campaign, "2026-12-14T01:00Z")
    before = list(Period.objects.values())
    Campaign.objects.update(due_weekday=2, first_weekday=6)
    campaign.refresh_from_db()
    open_now(campaign, "2026-12-14T01:00Z")
    assert list(Period.objects.values()) == before


def test_changed_rule_goes_on_where_the_former_one_stopped(campaign: Campaign) -> None:
    open_now(campaign, "2026-12-14T01:00Z")
    Campaign.objects.update(cadence=Cadence.MONTHLY, due_weekday=2)
    campaign.refresh_from_db()
    open_now(campaign, "2027-01-02T01:00Z")
    spans = campaign.periods.weekly().order_by("number").values_list("starts_on", "ends_on", "cadence")
    assert list(spans) == [
        (dt.date(2026, 12, 14), dt.date(2026, 12, 20), "weekly"),
        (dt.date(2026, 12, 21), dt.date(2026, 12, 31), "monthly"),
        (dt.date(2027, 1, 1), dt.date(2027, 1, 17), "monthly"),
    ]
    with translation.override("en"):
        assert [str(period) for period in campaign.periods.weekly()][1:] == ["Period 2", "Period 3"]


def test_second_tick_of_a_week_asks_once(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    open_now(campaign, "2026-12-14T01:00Z")
    # One, inside a savepoint.
    with django_assert_num_queries(3):
        ensure_periods(campaign, now=dt.datetime(2026, 12, 15, 1, tzinfo=dt.UTC))


def test_unit_owes_only_the_weeks_in_which_it_is_open(campaign: Campaign) -> None:
    Unit.objects.filter(code="S").update(opened_on=dt.date(2026, 12, 27), closed_on=dt.date(2027, 1, 4))
    open_now(campaign, "2027-03-01T01:00Z")
    numbers = WeeklyReport.objects.order_by("period__number").values_list("period__number", flat=True)
    assert list(numbers) == [2, 3]


@pytest.mark.parametrize(("weekday", "expected"), [(0, "2027-01-04"), (4, "2027-01-08"), (6, "2027-01-10")])
def test_digest_of_week_53_comes_after_its_end(campaign: Campaign, weekday: int, expected: str) -> None:
    campaign.digest_weekday = weekday
    campaign.save()
    open_now(campaign, "2027-01-04T01:00Z")
    period = campaign.periods.select_related("campaign").get(number=3)
    assert period.digest_at == dt.datetime.combine(dt.date.fromisoformat(expected), dt.time(8), SHANGHAI)
