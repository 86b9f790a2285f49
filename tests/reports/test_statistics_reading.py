"""What the pages read equals what a plain loop over the records adds up to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from reports.campaigns.models import Period
from reports.records import workflow
from reports.records.models import ActivityRecord
from reports.statistics import reading
from reports.statistics.models import StaleCell
from tests.personas import World, unit
from units import scope
from units.models import Unit

# The fixture's numbers are meant to differ.
UNUSUAL = {
    f"{code}_{number}": "情况属实" for code in ("few", "many") for number in ("sessions", "onsite", "online")
}


def brute_force(world: World, unit: Unit, period: Period | None = None) -> dict[str, int | None]:
    """Add up the approved records below `unit` one by one; None where there is no record."""
    rows = [
        record
        for record in ActivityRecord.objects.select_related("unit")
        if record.status == "approved"
        and record.unit.path.startswith(unit.path)
        and (period is None or record.period_id == period.pk)
    ]
    sums = {
        code: sum(row.values.get(code, 0) for row in rows) if rows else None
        for code in ("sessions", "onsite", "online")
    }
    together = sum(row.values.get("onsite", 0) + row.values.get("online", 0) for row in rows)
    return sums | {"attendances": together if rows else None}


@pytest.fixture
def counted(world: World, run_tally: Callable[[], None]) -> World:
    """Return the world with records of two weeks at two schools, one of them without attendances."""
    for days, numbers in ((0, (1, 120, 300)), (0, (2, 7, 0)), (7, (3, 41, 59)), (14, (1, 0, 0))):
        values = dict(zip(("sessions", "onsite", "online"), numbers, strict=True))
        world.approved(held_on=world.today - dt.timedelta(days=days), values=values, reasons=UNUSUAL)
    world.submitted(values={"sessions": 9, "onsite": 9999}, reasons=UNUSUAL)
    world.foreign()
    run_tally()
    return world


def figures(totals: reading.Totals) -> dict[str, int | None]:
    return {name: totals.figure(name) for name in reading.FIGURES}


def test_so_far_equals_a_plain_sum(counted: World) -> None:
    for place in (counted.bureau, counted.school, counted.other_school):
        assert figures(reading.so_far(counted.campaign, [place])) == brute_force(counted, place)


def test_each_week_equals_a_plain_sum(counted: World) -> None:
    weeks = reading.by_week(counted.campaign, [counted.bureau], today=counted.today)
    assert len(weeks) >= 3
    for week in weeks:
        assert figures(week.totals) == brute_force(counted, counted.bureau, week.period)


def test_table_across_periods_equals_a_plain_sum(counted: World) -> None:
    periods = list(Period.objects.filter(campaign=counted.campaign).order_by("number"))
    rows = reading.across(periods, [counted.other_school, counted.school])
    assert [row.unit for row in rows] == [counted.other_school, counted.school]
    for row in rows:
        expected = [brute_force(counted, row.unit, None if p.is_whole else p) for p in periods]
        assert [figures(totals) for totals in row.by_period] == expected


def test_ranking_puts_the_silent_last_either_way(counted: World) -> None:
    zero = unit("S9", "滨海市第九中学", "school", counted.bureau)
    whole = Period.objects.get(campaign=counted.campaign, number=0)
    children = Unit.objects.filter(parent=counted.bureau).in_tree_order()
    silent = [counted.other_school.pk, counted.closed_school.pk, zero.pk]
    for is_descending in (True, False):
        ranked = reading.ranked(whole, children, reading.SESSIONS, is_descending=is_descending)
        assert ranked == [counted.school.pk, *silent]


def test_ranking_by_attendances_adds_onsite_and_online(world: World, run_tally: Callable[[], None]) -> None:
    world.approved(values={"sessions": 5, "onsite": 130, "online": 10})
    workflow.approve(world.foreign(), actor=world.reviewer)
    run_tally()
    whole = Period.objects.get(campaign=world.campaign, number=0)
    schools = Unit.objects.filter(pk__in=[world.school.pk, world.other_school.pk]).in_tree_order()
    first = {
        name: reading.ranked(whole, schools, name, is_descending=True)[0]
        for name in (reading.SESSIONS, reading.ONSITE, reading.ATTENDANCES)
    }
    school, other = world.school.pk, world.other_school.pk
    assert first == {reading.SESSIONS: school, reading.ONSITE: school, reading.ATTENDANCES: other}


def test_backlog_counts_the_marks_within_reach_alone(world: World) -> None:
    world.approved()
    mark = StaleCell.objects.get()
    seen = reading.backlog(world.campaign, scope.reach(world.liaison, *scope.READ))
    assert (seen.n_marks, seen.oldest_at) == (1, mark.marked_at)
    hidden = reading.backlog(world.campaign, scope.reach(world.stranger, *scope.READ))
    assert (hidden.n_marks, hidden.oldest_at) == (0, None)
    assert reading.backlog(world.campaign, scope.EVERYTHING).n_marks == 1
