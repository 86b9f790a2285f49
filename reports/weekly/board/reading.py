"""Read the rates of many reports at once: of all, by period, by unit, by kind.

The board, mails and the API take them from here; what a rate is stands in `rates.py`.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable
from decimal import Decimal

from django.core.cache import cache

from reports.campaigns.models import Campaign
from reports.weekly.models import WeeklyReport
from reports.weekly.querysets import WeeklyReportQuerySet
from reports.weekly.rates import NOTHING, Rates, counted
from units.models import Unit
from units.scope import Reach

# The rate of one other unit is nobody's business: under so many units there is no median.
LEAST_OF_A_KIND = 5
# Counting more takes longer than a page may.
MOST_OF_A_KIND = 5000
MEDIAN_STAYS_SECONDS = 600


def within(campaign: Campaign, reach: Reach) -> WeeklyReportQuerySet:
    """Return the reports of a campaign at the units within `reach`, for the functions below."""
    reports: WeeklyReportQuerySet = WeeklyReport.objects.of_campaign(campaign)
    return reports.filter(reach.condition("unit__path"))


def rates_of(reports: WeeklyReportQuerySet, now: dt.datetime) -> Rates:
    """Return the rates of all `reports` together at the aware moment `now`. Queries: one."""
    return Rates(**reports.order_by().aggregate(**counted(now)))


def rates_by_period(reports: WeeklyReportQuerySet, now: dt.datetime) -> dict[int, Rates]:
    """Return the rates by the period's key. Queries: one."""
    return _grouped(reports, "period_id", now)


def rates_by_unit(reports: WeeklyReportQuerySet, now: dt.datetime) -> dict[int, Rates]:
    """Return the rates by the unit's key, each of the unit itself without its subtree. Queries: one."""
    return _grouped(reports, "unit_id", now)


def rates_by_kind(reports: WeeklyReportQuerySet, now: dt.datetime) -> dict[int, Rates]:
    """Return the rates by the key of the unit's kind. Queries: one."""
    return _grouped(reports, "unit__kind_id", now)


def together(rates: Iterable[Rates]) -> Rates:
    """Return the rates of several sets of reports that do not overlap, taken together."""
    return sum(rates, NOTHING)


def median_in_time(campaign: Campaign, kind: int, now: dt.datetime) -> Decimal | None:
    """Return the median of the on-time rates of all units of the kind with that key, ten minutes old at most.

    None with fewer than LEAST_OF_A_KIND units that owed anything, or more than MOST_OF_A_KIND of the kind.
    Queries: none while it is remembered, else two.
    """
    key = f"weekly:median:{campaign.pk}:{kind}"
    # In a list, for a missing median is remembered, too.
    known: list[Decimal | None] | None = cache.get(key)
    if known is None:
        known = [_median(campaign, kind, now)]
        cache.set(key, known, MEDIAN_STAYS_SECONDS)
    return known[0]


def _median(campaign: Campaign, kind: int, now: dt.datetime) -> Decimal | None:
    """Count the median of a kind."""
    if Unit.objects.filter(kind=kind).order_by()[: MOST_OF_A_KIND + 1].count() > MOST_OF_A_KIND:
        return None
    reports = WeeklyReport.objects.of_campaign(campaign).filter(unit__kind=kind)
    found = (rates.in_time_pct for rates in rates_by_unit(reports, now).values())
    shares = [share for share in found if share is not None]
    return statistics.median(shares) if len(shares) >= LEAST_OF_A_KIND else None


def _grouped(reports: WeeklyReportQuerySet, column: str, now: dt.datetime) -> dict[int, Rates]:
    """Return the rates by what stands in `column`."""
    rows = reports.order_by().values_list(column).annotate(**counted(now))
    return {key: Rates(*numbers) for key, *numbers in rows}
