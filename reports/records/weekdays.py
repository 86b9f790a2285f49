"""The days of the running week, for the buttons above the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.campaigns.models import Campaign
from reports.campaigns.periods import DAY, week_start

DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    """One day to choose; one that has not come yet is shown and cannot be chosen."""

    date: dt.date
    is_today: bool
    has_come: bool


def days_of(campaign: Campaign, today: dt.date) -> list[Day]:
    """Return the seven days of the campaign's week that holds `today`."""
    first = week_start(today, campaign.first_weekday)
    days = [first + number * DAY for number in range(DAYS_OF_WEEK)]
    return [Day(day, day == today, day <= today) for day in days]
