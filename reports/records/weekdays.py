"""The days of the running week, for the buttons above the calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from reports.campaigns.models import Campaign
from reports.campaigns.periods import DAY, week_start

DAYS_OF_WEEK = 7
# Seven buttons share 360 pixels: the calendar's one sign in Chinese, not 星期一.
NAMES: tuple[str | Promise, ...] = (
    pgettext_lazy("weekday on a narrow button", "Mon"),
    pgettext_lazy("weekday on a narrow button", "Tue"),
    pgettext_lazy("weekday on a narrow button", "Wed"),
    pgettext_lazy("weekday on a narrow button", "Thu"),
    pgettext_lazy("weekday on a narrow button", "Fri"),
    pgettext_lazy("weekday on a narrow button", "Sat"),
    pgettext_lazy("weekday on a narrow button", "Sun"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """One day to choose; one that has not come yet is shown and cannot be chosen."""

    date: dt.date
    is_today: bool
    has_come: bool

    @property
    def name(self) -> str | Promise:
        """Return the day's shortest name."""
        return NAMES[self.date.weekday()]


def days_of(campaign: Campaign, today: dt.date) -> list[Day]:
    """Return the seven days of the campaign's week that holds `today`."""
    first = week_start(today, campaign.first_weekday)
    days = [first + number * DAY for number in range(DAYS_OF_WEEK)]
    return [Day(day, day == today, day <= today) for day in days]
