"""How one unit stands beside the others of its kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from reports.campaigns.models import Campaign
from reports.weekly.board.reading import median_in_time, rates_of
from reports.weekly.models import WeeklyReport
from reports.weekly.rates import Rates
from units.models import Unit


@dataclass(frozen=True, slots=True)
class OwnRates:
    """A unit's rates so far, and the median of the on-time rates of its kind; None where there is none."""

    rates: Rates
    median_pct: Decimal | None


def own_rates(campaign: Campaign, unit: Unit, now: dt.datetime) -> OwnRates:
    """Return how a unit stands. Queries: one, and two while the median is not remembered."""
    own = WeeklyReport.objects.of_campaign(campaign).filter(unit=unit)
    rates = rates_of(own, now)
    # Where nothing was owed there is nothing to compare.
    return OwnRates(rates, median_in_time(campaign, unit.kind_id, now) if rates.n_owed else None)
