"""Week arithmetic, pure: from a campaign's rule to the bounds of its periods.

Days are the campaign's own calendar days; moments are aware, in the campaign's time zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """How a campaign cuts its time: weekdays count from Monday = 0; `n_grace_days` from due to close."""

    first_weekday: int
    due_weekday: int
    due_time: dt.time
    n_grace_days: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Bounds:
    """One period: its number from 1, first and last day, the moments of due and close."""

    number: int
    starts_on: dt.date
    ends_on: dt.date
    due_at: dt.datetime
    close_at: dt.datetime


def local_day(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the calendar day of an aware moment in `zone`."""
    return moment.astimezone(zone).date()


def week_start(day: dt.date, first_weekday: int) -> dt.date:
    """Return the first day of the week that holds `day`, for weeks that begin on `first_weekday`."""
    return day - dt.timedelta(days=(day.weekday() - first_weekday) % 7)


def weekday_in(starts_on: dt.date, weekday: int) -> dt.date:
    """Return the day of the week beginning at `starts_on` that falls on `weekday`."""
    return starts_on + dt.timedelta(days=(weekday - starts_on.weekday()) % 7)


def weeks(rule: Rule, starts_on: dt.date, ends_on: dt.date, until: dt.date) -> Iterator[Bounds]:
    """Yield the weekly periods of a campaign up to the one that holds `until`, oldest first.

    The first and the last one are cut to the campaign's own days.
    """
    start, number = week_start(starts_on, rule.first_weekday), 1
    while start <= min(until, ends_on):
        due_on = weekday_in(start, rule.due_weekday)
        due_at = dt.datetime.combine(due_on, rule.due_time, rule.zone)
        yield Bounds(
            number=number,
            starts_on=max(start, starts_on),
            ends_on=min(start + WEEK - DAY, ends_on),
            due_at=due_at,
            close_at=dt.datetime.combine(start + WEEK + rule.n_grace_days * DAY, dt.time.min, rule.zone),
        )
        start, number = start + WEEK, number + 1
