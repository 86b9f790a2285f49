"""The board: units in rows, periods in columns, rates at the edges.

All of it is read in a number of queries that does not grow with the units and weeks.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from reports.campaigns.models import Campaign, Period
from reports.weekly.board.asking import Asked, Choices
from reports.weekly.board.marks import laid_out, marks
from reports.weekly.board.reading import rates_by_kind, rates_by_period, together, within
from reports.weekly.querysets import WeeklyReportQuerySet
from reports.weekly.rates import NOTHING, Rates, counted
from units import scope
from units.models import Account, Unit, UnitKind
from units.querysets import UnitQuerySet

# More rows on one page than this take longer than a person waits; the page asks to narrow them down.
MOST_UNITS = 6000


@dataclass(frozen=True, slots=True)
class Line:
    """One unit: its marks in the order of the columns, and its rates."""

    pk: int
    name: str
    code: str
    kind: int
    is_closed: bool
    marks: str
    rates: Rates


@dataclass(frozen=True, slots=True)
class Board:
    """The lines in the tree's order, the columns from the first week to the running one, and the edges.

    `lines` is None where there are more than MOST_UNITS.
    """

    campaign: Campaign
    asked: Asked
    periods: list[Period]
    lines: list[Line] | None
    by_period: list[Rates]
    by_kind: list[tuple[UnitKind, Rates]]
    total: Rates
    now: dt.datetime


def board(
    campaign: Campaign,
    asked: Asked,
    offered: Choices,
    reader: Account,
    now: dt.datetime,
    permissions: tuple[str, ...] = scope.READ,
) -> Board:
    """Return the board of the units at which `reader` holds any of `permissions`.

    Queries: at most six, whatever the size.
    """
    reach, periods = scope.reach(reader, *permissions), offered.weeks[::-1]
    reports = asked.narrowed(within(campaign, reach), now).filter(period__in=[week.pk for week in periods])
    units = asked.units(Unit.objects.filter(reach.condition("path")))
    by_period = rates_by_period(reports, now)
    lines = _lines(reports, units, periods, now)
    by_kind = rates_by_kind(reports, now) if lines is None else _by_kind(lines)
    return Board(
        campaign=campaign,
        asked=asked,
        periods=periods,
        lines=lines,
        by_period=[by_period.get(week.pk, NOTHING) for week in periods],
        by_kind=[(kind, by_kind[kind.pk]) for kind in offered.kinds if kind.pk in by_kind],
        total=together(by_period.values()),
        now=now,
    )


def _lines(
    reports: WeeklyReportQuerySet, within_reach: UnitQuerySet, periods: list[Period], now: dt.datetime
) -> list[Line] | None:
    """Return one line for each unit that owed anything. Queries: two."""
    columns = within_reach.in_tree_order().values_list("pk", "name", "code", "kind_id", "closed_on")
    units = list(columns[: MOST_UNITS + 1])
    if len(units) > MOST_UNITS:
        return None
    found = reports.order_by().values_list("unit_id").annotate(marks=marks(now), **counted(now))
    by_unit = {unit: (text, numbers) for unit, text, *numbers in found}
    places = {str(week.pk): place for place, week in enumerate(periods)}
    today, lines = timezone.localdate(now), []
    for pk, name, code, kind, closed_on in units:
        if pk in by_unit:
            text, numbers = by_unit[pk]
            is_closed = closed_on is not None and closed_on <= today
            lines.append(Line(pk, name, code, kind, is_closed, laid_out(text, places), Rates(*numbers)))
    return lines


def _by_kind(lines: list[Line]) -> dict[int, Rates]:
    """Return the rates of each kind that has any unit on the board."""
    found: defaultdict[int, list[Rates]] = defaultdict(list)
    for line in lines:
        found[line.kind].append(line.rates)
    return {kind: together(rates) for kind, rates in found.items()}
