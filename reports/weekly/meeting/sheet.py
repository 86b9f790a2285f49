"""What a meeting on one week looks at: who is late, what came in, what was decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models import Period
from reports.statistics.reading import Totals, across
from reports.weekly.board.marks import shown_as
from reports.weekly.board.reading import rates_of, within
from reports.weekly.models import MeetingDecision, Standing, WeeklyReport
from reports.weekly.querysets import WeeklyReportQuerySet
from reports.weekly.rates import Rates
from units import scope
from units.models import Unit

# In the order in which a meeting asks.
LISTED = (Standing.MISSING, Standing.RETURNED, Standing.LATE, Standing.DUE)
N_LISTED, N_HIGHLIGHTS = 120, 40
FIGURES: dict[str, Promise] = {
    "records": _("Approved records"),
    "sessions": _("Sessions"),
    "onsite": _("Onsite attendances"),
    "online": _("Online attendances"),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """The reports that stand in one way, in the tree's order: the first of them, and how many there are."""

    standing: Standing
    reports: list[WeeklyReport]
    n_reports: int

    @property
    def n_not_shown(self) -> int:
        """Return how many the list leaves out."""
        return self.n_reports - len(self.reports)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the week with the one of the week before; None where nothing was reported."""

    label: str | Promise
    value: int | None
    before: int | None

    @property
    def change(self) -> int | None:
        """Return the difference to the week before, None where one of the two is missing."""
        return None if self.value is None or self.before is None else self.value - self.before


@dataclass(frozen=True, slots=True)
class Sheet:
    """One week at the subtree of `unit`."""

    period: Period
    unit: Unit
    rates: Rates
    listings: list[Listing]
    highlights: list[WeeklyReport]
    n_highlights: int
    figures: list[Figure]
    decisions: list[MeetingDecision]
    decisions_before: list[MeetingDecision]


def sheet(period: Period, before: Period | None, unit: Unit, now: dt.datetime) -> Sheet:
    """Return the sheet for the meeting on `period`; `before` is the week before. Queries: nine."""
    below = scope.Reach(is_everything=False, paths=(unit.path,))
    reports = within(period.campaign, below).filter(period=period)
    telling = reports.filed().exclude(highlights="")
    counted = reports.aggregate(
        highlights=Count("pk", filter=Q(filed_at__isnull=False) & ~Q(highlights="")),
        **{standing.value: Count("pk", filter=shown_as(standing, now)) for standing in LISTED},
    )
    return Sheet(
        period=period,
        unit=unit,
        rates=rates_of(reports, now),
        listings=[_listing(reports, standing, counted[standing.value], now) for standing in LISTED],
        highlights=list(telling.select_related("unit").order_by("unit__path")[:N_HIGHLIGHTS]),
        n_highlights=counted["highlights"],
        figures=_figures(period, before, unit),
        decisions=decisions_of(unit, [period]),
        decisions_before=decisions_of(unit, [before] if before else []),
    )


def decisions_of(unit: Unit, periods: list[Period]) -> list[MeetingDecision]:
    """Return what the meetings of a unit on some weeks decided, without what was removed. Queries: one."""
    kept = MeetingDecision.objects.filter(period__in=periods, meeting_of=unit, removed_at=None)
    return list(kept.select_related("owner", "noted_by").order_by("pk"))


def _listing(reports: WeeklyReportQuerySet, standing: Standing, number: int, now: dt.datetime) -> Listing:
    """Return the first reports that stand so."""
    found = reports.filter(shown_as(standing, now)).select_related("unit").order_by("unit__path")
    return Listing(standing, list(found[:N_LISTED]), number)


def _figures(period: Period, before: Period | None, unit: Unit) -> list[Figure]:
    """Return the week's figures of the unit's subtree."""
    [row] = across([period, before] if before else [period], [unit])
    this, last = row.by_period[0], row.by_period[1] if before else Totals({})
    return [Figure(label, this.of(code), last.of(code)) for code, label in FIGURES.items()]
