"""How an owed report stands, and the rates: the rule for one row and the rule for many are one rule."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from reports.weekly.models import Standing, WeeklyReport
from reports.weekly.rates import NOTHING, Rates, counted, of_reports
from reports.weekly.standings import condition
from tests.personas import World
from units.models import Unit

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
HOUR, MOMENT = dt.timedelta(hours=1), dt.timedelta(microseconds=1)
DUES = [
    NOW - HOUR,
    NOW - MOMENT,
    NOW,
    NOW + HOUR,
    NOW + dt.timedelta(days=3),
    NOW + dt.timedelta(days=3, hours=1),
]
DEEDS: list[dict[str, object]] = [
    {},
    {"excused_at": NOW, "excuse": "停课"},
    {"returned_at": NOW, "return_reason": "人次不符", "n_returns": 1},
    {"filed_at": NOW},
    {"filed_at": NOW, "is_zero": True, "reason": "停课"},
    {"filed_at": NOW - 2 * HOUR, "n_returns": 1},
    {"filed_at": NOW, "accepted_at": NOW},
    {"filed_at": NOW, "is_zero": True, "reason": "停课", "accepted_at": NOW},
]


@pytest.fixture
def reports(world: World) -> list[WeeklyReport]:
    """Return a stored report for each way in which deeds and due moments can meet."""
    WeeklyReport.objects.all().delete()
    rows = []
    for number, (due_at, deeds) in enumerate(itertools.product(DUES, DEEDS)):
        unit = Unit.objects.create(
            code=f"STANDING-{number}",
            name=f"第{number}学校",
            kind=world.school.kind,
            path=f"{9000 + number:09d}",
        )
        rows.append(
            WeeklyReport.objects.create(
                unit=unit, period=world.period, due_at=due_at, close_at=due_at + HOUR, **deeds
            )
        )
    return rows


def test_each_report_stands_in_exactly_one_way_for_one_row_and_for_many(reports: list[WeeklyReport]) -> None:
    for standing in Standing:
        expected = {report.pk for report in reports if report.standing(NOW) is standing}
        found = WeeklyReport.objects.filter(condition(standing, NOW)).values_list("pk", flat=True)
        assert set(found) == expected
        assert expected


def test_due_moment_itself_is_in_time_and_not_missing(reports: list[WeeklyReport]) -> None:
    at_due = {report.standing(NOW) for report in reports if report.due_at == NOW}
    assert {Standing.DUE, Standing.ON_TIME} <= at_due
    assert not at_due & {Standing.MISSING, Standing.LATE}


def test_rates_are_the_same_for_rows_in_hand_and_in_the_database(reports: list[WeeklyReport]) -> None:
    rates = Rates(**WeeklyReport.objects.aggregate(**counted(NOW)))
    assert rates == of_reports(reports, NOW)
    assert rates.n_in_time + rates.n_late + rates.n_returned + rates.n_missing == rates.n_owed > 0
    assert all(0 <= (pct or 0) <= 100 for pct in (rates.in_time_pct, rates.zero_pct, rates.returned_pct))


def test_nothing_owed_has_no_rate_and_sums_add_up(reports: list[WeeklyReport]) -> None:
    assert NOTHING.in_time_pct is None
    half = len(reports) // 2
    assert of_reports(reports[:half], NOW) + of_reports(reports[half:], NOW) == of_reports(reports, NOW)
