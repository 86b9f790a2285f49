"""The notice in the portal: what a unit was urged about and has not filed yet."""

from __future__ import annotations

import datetime as dt

from reports.campaigns.models import Campaign
from reports.weekly.models import Urging, WeeklyReport
from reports.weekly.urging.owing import owing
from units.models import Unit

MOST_NOTICES = 5


def notices(campaign: Campaign, unit: Unit, now: dt.datetime) -> list[Urging]:
    """Return the latest urging about each report that the unit still owes and can file. Queries: one."""
    owed = WeeklyReport.objects.of_campaign(campaign).filter(owing(now), unit=unit, close_at__gte=now)
    still = Urging.objects.filter(report__in=owed).select_related("report__period__campaign", "urged_by")
    found: dict[int, Urging] = {}
    for urging in still.order_by("-report__period__number", "-at")[: 20 * MOST_NOTICES]:
        found.setdefault(urging.report_id, urging)
    return list(found.values())[:MOST_NOTICES]
