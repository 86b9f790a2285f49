"""Read totals. Pages, exports, digests and briefings take every figure from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Min

from reports.campaigns.models import RECORDS, Campaign, Period
from reports.statistics.ledger import Values, add
from reports.statistics.models import Cell, StaleCell
from units.models import Unit
from units.querysets import UnitQuerySet
from units.scope import Reach

SESSIONS = "sessions"
ONSITE = "onsite"
ONLINE = "online"
ATTENDANCES = "attendances"
FIGURES = (SESSIONS, ONSITE, ONLINE, ATTENDANCES)


@dataclass(frozen=True, slots=True)
class Totals:
    """What was reported; None where nothing was, which prints as — and is not zero."""

    values: Values

    def of(self, code: str) -> int | None:
        """Return the sum of one indicator in its smallest unit, None where nothing was reported."""
        return self.values.get(code, 0) if self.values else None

    @property
    def n_records(self) -> int | None:
        """Return the number of approved records."""
        return self.of(RECORDS)

    @property
    def sessions(self) -> int | None:
        """Return 场次."""
        return self.of(SESSIONS)

    @property
    def onsite(self) -> int | None:
        """Return 线下人次."""
        return self.of(ONSITE)

    @property
    def online(self) -> int | None:
        """Return 线上人次."""
        return self.of(ONLINE)

    @property
    def attendances(self) -> int | None:
        """Return 线上线下人次: onsite plus online."""
        return self.of(ONSITE) + self.of(ONLINE) if self.values else None  # type: ignore[operator]

    def figure(self, name: str) -> int | None:
        """Return one of FIGURES by its name."""
        return self.attendances if name == ATTENDANCES else self.of(name)


NONE = Totals({})


@dataclass(frozen=True, slots=True)
class Week:
    """One reporting period with its totals."""

    period: Period
    totals: Totals


@dataclass(frozen=True, slots=True)
class Line:
    """One unit with the totals of its subtree."""

    unit: Unit
    totals: Totals


@dataclass(frozen=True, slots=True)
class Row:
    """One unit with the totals of its subtree in several periods, in the order in which they were asked."""

    unit: Unit
    by_period: list[Totals]


@dataclass(frozen=True, slots=True)
class Backlog:
    """The marks that no tally has worked off, and the moment of the oldest; None when all is counted."""

    n_marks: int
    oldest_at: dt.datetime | None


def so_far(campaign: Campaign, units: Iterable[Unit]) -> Totals:
    """Return the whole-campaign totals of the subtrees of `units`, which must not overlap.

    Queries: one.
    """
    rows = Cell.objects.filter(
        period__campaign=campaign, period__number=0, activity_type=None, unit__in=list(units)
    ).values_list("total", flat=True)
    return Totals(_sum(rows))


def by_week(campaign: Campaign, units: Iterable[Unit], *, today: dt.date) -> list[Week]:
    """Return each week that has begun by `today` with the totals of the subtrees of `units`, oldest first.

    Queries: two.
    """
    rows = Cell.objects.filter(
        period__campaign=campaign, period__number__gt=0, activity_type=None, unit__in=list(units)
    ).values_list("period_id", "total")
    sums: dict[int, Values] = {}
    for period_id, total in rows:
        sums[period_id] = add(sums.get(period_id, {}), total)
    periods = (
        campaign.periods.weekly().filter(starts_on__lte=today).select_related("campaign").order_by("number")
    )
    return [Week(period, Totals(sums.get(period.pk, {}))) for period in periods]


def by_unit(period: Period, units: Iterable[Unit]) -> list[Line]:
    """Return each of `units`, in the given order, with its subtree's totals in `period`.

    Queries: one.
    """
    listed = list(units)
    stored = dict(
        Cell.objects.filter(period=period, activity_type=None, unit__in=listed).values_list(
            "unit_id", "total"
        )
    )
    return [Line(unit, Totals(stored.get(unit.pk, {}))) for unit in listed]


def across(periods: Iterable[Period], units: Iterable[Unit]) -> list[Row]:
    """Return each of `units`, in the given order, with its subtree's totals in each of `periods`.

    Queries: one.
    """
    asked, listed = list(periods), list(units)
    rows = Cell.objects.filter(period__in=asked, activity_type=None, unit__in=listed)
    stored = {(unit, period): total for unit, period, total in rows.values_list("unit", "period", "total")}
    return [Row(unit, [Totals(stored.get((unit.pk, period.pk), {})) for period in asked]) for unit in listed]


def ranked(period: Period, units: UnitQuerySet, name: str, *, is_descending: bool) -> list[int]:
    """Return the numbers of `units` by one of FIGURES of their subtrees in `period`.

    What reported nothing stands last either way; equals keep the order of `units`. Reads one narrow row
    a unit, so that a page of 50 is cut from thousands. Queries: two.
    """
    inside = Cell.objects.filter(period=period, activity_type=None, unit__in=units.order_by().values("pk"))
    figures = {unit: Totals(total).figure(name) for unit, total in inside.values_list("unit", "total")}
    numbers = list(units.values_list("pk", flat=True))
    silent = [pk for pk in numbers if figures.get(pk) is None]
    heard = [pk for pk in numbers if figures.get(pk) is not None]
    return sorted(heard, key=lambda pk: figures[pk] or 0, reverse=is_descending) + silent


def own_totals(period: Period, unit: Unit) -> Totals:
    """Return what the unit itself, without its subtree, reported in `period`.

    Queries: one.
    """
    own = (
        Cell.objects.filter(period=period, activity_type=None, unit=unit)
        .values_list("own", flat=True)
        .first()
    )
    return Totals(own or {})


def oldest_mark() -> dt.datetime | None:
    """Return the moment of the oldest mark that no tally has worked off; None when all is counted."""
    oldest: dt.datetime | None = StaleCell.objects.aggregate(oldest=Min(F("marked_at")))["oldest"]
    return oldest


def backlog(campaign: Campaign, reach: Reach) -> Backlog:
    """Return what waits to be counted for `campaign` at the units within `reach`.

    Queries: one.
    """
    marks = StaleCell.objects.filter(reach.condition("unit__path"), campaign=campaign)
    found = marks.aggregate(n_marks=Count("pk"), oldest_at=Min("marked_at"))
    return Backlog(found["n_marks"], found["oldest_at"])


def _sum(rows: Iterable[Values]) -> Values:
    """Add mappings code by code."""
    total: Values = {}
    for row in rows:
        total = add(total, row)
    return total
