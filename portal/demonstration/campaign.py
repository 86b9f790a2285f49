"""The demonstration's campaign: ten weeks have begun, the thirteen types to begin with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.campaigns.copying import begin_with_types
from reports.campaigns.models import ActivityType, Campaign, Period
from reports.campaigns.opening import ensure_periods
from reports.campaigns.periods import week_start
from reports.weekly.obligations import ensure_reports

N_WEEKS = 10
N_WEEKS_PLANNED = 16


# Between which values a number plausibly lies, in its smallest unit; attendances follow from the unit's size.
RANGES = {
    "days": (1, 3),
    "speakers": (3, 12),
    "essays": (6, 80),
    "places": (1, 6),
    "problems": (0, 7),
    "partners": (1, 4),
    "lessons": (2, 9),
    "teachers": (2, 6),
    "cases": (1, 2),
    "persons": (18, 160),
    "deeds": (1, 4),
    "funds": (40, 1850),
    "copies": (40, 900),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The stored campaign with what hangs on it: weeks oldest first, types by their code."""

    campaign: Campaign
    weeks: list[Period]
    types: dict[str, ActivityType]


def first_day(today: dt.date) -> dt.date:
    """Return the Monday on which a campaign began whose tenth week holds `today`."""
    return week_start(today, 0) - dt.timedelta(weeks=N_WEEKS - 1)


def make_campaign(now: dt.datetime, today: dt.date) -> Frame:
    """Store the campaign, its types, its periods and what every unit owes."""
    begins = first_day(today)
    campaign = Campaign(
        code="theme-education",
        name="教育系统主题教育",
        starts_on=begins,
        ends_on=begins + dt.timedelta(weeks=N_WEEKS_PLANNED, days=-1),
    )
    campaign.full_clean()
    campaign.save()
    types = {one.code: one for one in begin_with_types(campaign, actor=None)}
    ensure_periods(campaign, now=now)
    ensure_reports(campaign, now=now)
    weeks = list(campaign.periods.weekly().select_related("campaign").order_by("number"))
    return Frame(campaign, weeks, types)
