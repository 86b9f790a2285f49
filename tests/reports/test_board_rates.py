"""The rates and the board's sums are those of a count by hand, whatever became of units and reports."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.campaigns.models import Period
from reports.weekly.board.asking import Asked, choices
from reports.weekly.board.percents import whole
from reports.weekly.board.reading import (
    median_in_time,
    rates_by_kind,
    rates_by_period,
    rates_by_unit,
    rates_of,
    within,
)
from reports.weekly.board.showing import Board, board
from reports.weekly.models import Standing, WeeklyReport
from reports.weekly.rates import of_reports
from tests.personas import World, unit
from tests.reports.test_board import HOUR, filed, past  # noqa: F401 - a fixture
from units import scope
from units.models import Account, Unit


def shown(world: World, reader: Account, asked: Asked | None = None, now: dt.datetime | None = None) -> Board:
    moment = now or timezone.now()
    return board(world.campaign, asked or Asked(), choices(world.campaign, reader, moment), reader, moment)


def test_sums_at_the_edges_are_those_of_the_rows(world: World, past: list[WeeklyReport]) -> None:  # noqa: F811
    filed(past[0])
    found, now = shown(world, world.leader), timezone.now()
    of_all = list(WeeklyReport.objects.all())
    assert found.total == of_reports(of_all, now)
    for week, rates in zip(found.periods, found.by_period, strict=True):
        assert rates == of_reports([one for one in of_all if one.period_id == week.pk], now)


@pytest.mark.parametrize(
    ("n_part", "n_all", "written"),
    [(0, 3, "0"), (1, 1000, "1"), (999, 1000, "99"), (3, 3, "100"), (1, 8, "13"), (0, 0, "—")],
)
def test_whole_percent_never_claims_all_or_none(n_part: int, n_all: int, written: str) -> None:
    now = timezone.now()
    due = now - HOUR
    reports = [
        WeeklyReport(due_at=due, close_at=due, filed_at=due if number < n_part else None)
        for number in range(n_all)
    ]
    assert whole(of_reports(reports, now).in_time_pct) == written


def test_median_is_that_of_enough_units_and_remembered(world: World, past: list[WeeklyReport]) -> None:  # noqa: F811
    now, kind = timezone.now(), world.school.kind_id
    assert median_in_time(world.campaign, kind, now) is None
    cache.clear()
    for number in range(5):
        at = unit(f"M{number}", f"第{number}小学", "school", world.bureau)
        due = {"due_at": now - HOUR, "close_at": now + HOUR}
        filed(WeeklyReport.objects.create(unit=at, period=world.period, **due))
    assert median_in_time(world.campaign, kind, now) == 100
    WeeklyReport.objects.update(filed_at=None)
    assert median_in_time(world.campaign, kind, now) == 100
    cache.clear()
    assert median_in_time(world.campaign, kind, now) == 0


DEEDS: list[dict[str, Any]] = [
    {},
    {"filed": -1},
    {"filed": 1},
    {"filed": -1, "is_zero": True, "reason": "停课"},
    {"filed": 1, "is_zero": True, "reason": "停课", "accepted": True},
    {"filed": 1, "accepted": True},
    {"returned": True},
    {"filed": -1, "n_returns": 2},
    {"excused": True},
]


def made(at: Unit, week: Period, now: dt.datetime, hours: int, deed: dict[str, Any]) -> WeeklyReport:
    """Return an unsaved report that was due `hours` from `now`, and what became of it."""
    due = now + hours * HOUR
    report = WeeklyReport(unit=at, period=week, due_at=due, close_at=due + 24 * HOUR)
    if "filed" in deed:
        report.filed_at = due + deed["filed"] * HOUR
    report.is_zero, report.reason = deed.get("is_zero", False), deed.get("reason", "")
    report.n_returns = deed.get("n_returns", 0)
    if deed.get("accepted"):
        report.accepted_at = report.filed_at
    if deed.get("returned"):
        report.returned_at, report.return_reason, report.n_returns = now, "人次不符", 1
    if deed.get("excused"):
        report.excused_at, report.excuse = now, "停课"
    return report


def period_of(report: WeeklyReport) -> int:
    return report.period_id


def unit_of(report: WeeklyReport) -> int:
    return report.unit_id


def kind_of(report: WeeklyReport) -> int:
    return report.unit.kind_id


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 3), st.integers(-90, 90), st.integers(0, len(DEEDS) - 1)),
        max_size=9,
        unique_by=lambda row: row[:2],
    )
)
def test_every_rate_is_that_of_a_count_by_hand(world: World, rows: list[tuple[int, int, int, int]]) -> None:
    WeeklyReport.objects.all().delete()
    now, weeks = timezone.now(), {week.number: week for week in world.campaign.periods.weekly()}
    # One of the three is closed and one is merged into another: what they owed stays theirs.
    Unit.objects.filter(pk=world.other_school.pk).update(merged_into=world.school, closed_on=world.today)
    places = [world.school, world.other_school, world.closed_school]
    reports = [made(places[at], weeks[week], now, hours, DEEDS[deed]) for at, week, hours, deed in rows]
    WeeklyReport.objects.bulk_create(reports)
    everything = within(world.campaign, scope.EVERYTHING)
    assert rates_of(everything, now) == of_reports(reports, now)
    for found, key in (
        (rates_by_period(everything, now), period_of),
        (rates_by_unit(everything, now), unit_of),
        (rates_by_kind(everything, now), kind_of),
    ):
        assert found == {
            value: of_reports([one for one in reports if key(one) == value], now)
            for value in {key(one) for one in reports}
        }
        for rates in found.values():
            assert rates.n_in_time + rates.n_late + rates.n_returned + rates.n_missing == rates.n_owed
            for name in ("in_time_pct", "late_pct", "zero_pct", "returned_pct", "missing_pct"):
                share = getattr(rates, name)
                assert share is None if not rates.n_owed else 0 <= share <= 100
    lines = shown(world, world.leader, now=now).lines or []
    drawn = Counter(mark.lower() for line in lines for mark in line.marks if mark != ".")
    by_hand = Counter(report.timing or report.standing(now) for report in reports)
    letters = {
        "o": Standing.ON_TIME,
        "l": Standing.LATE,
        "z": Standing.ZERO,
        "r": Standing.RETURNED,
        "m": Standing.MISSING,
        "d": Standing.DUE,
        "n": Standing.NOT_DUE,
        "e": Standing.EXCUSED,
    }
    assert {letters[letter]: number for letter, number in drawn.items()} == dict(by_hand)
