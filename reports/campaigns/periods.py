"""The arithmetic of periods, pure: from a campaign's rule to the bounds of its periods.

Days are the campaign's own calendar days; moments are aware, in the campaign's time zone.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from reports.campaigns.workdays import PLAIN, Workdays

WEEK = dt.timedelta(days=7)
DAY = dt.timedelta(days=1)
# Who files within the minute that is printed files in time.
REST_OF_MINUTE = dt.timedelta(seconds=59, microseconds=999_999)


class Cadence(StrEnum):
    """How a campaign cuts its time; the values are stored."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a campaign cuts its time: weekdays count from Monday = 0, `n_grace_days` from end to close."""

    first_weekday: int
    due_weekday: int
    due_time: dt.time
    n_grace_days: int
    zone: ZoneInfo
    cadence: Cadence = Cadence.WEEKLY
    workdays: Workdays = PLAIN


@dataclass(frozen=True, slots=True)
class Bounds:
    """One period: its number from 1, first and last day, the moments of due and close.

    `planned_due_on` is the day that the rule gives, `moved_for` the holiday that moved it;
    `is_plain` says that nobody had loaded the calendar of that year.
    """

    number: int
    starts_on: dt.date
    ends_on: dt.date
    due_at: dt.datetime
    close_at: dt.datetime
    planned_due_on: dt.date | None = None
    moved_for: str = ""
    is_plain: bool = False


def local_day(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the calendar day of an aware moment in `zone`."""
    return moment.astimezone(zone).date()


def week_start(day: dt.date, first_weekday: int) -> dt.date:
    """Return the first day of the week that holds `day`, for weeks that begin on `first_weekday`."""
    return day - dt.timedelta(days=(day.weekday() - first_weekday) % 7)


def weekday_in(starts_on: dt.date, weekday: int) -> dt.date:
    """Return the day of the week beginning at `starts_on` that falls on `weekday`."""
    return starts_on + dt.timedelta(days=(weekday - starts_on.weekday()) % 7)


def midnight_after(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """Return the moment at which `day` is over."""
    return dt.datetime.combine(day + DAY, dt.time.min, zone)


def deadline(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """Return the last moment that is in time: the end of the minute that is printed."""
    return dt.datetime.combine(day, time.replace(second=0, microsecond=0), zone) + REST_OF_MINUTE


def last_day(rule: Rule, day: dt.date) -> dt.date:
    """Return the last day of the period that `day` lies in or begins, not yet cut to the campaign."""
    if rule.cadence is Cadence.MONTHLY:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    n_weeks = 2 if rule.cadence is Cadence.FORTNIGHTLY else 1
    return week_start(day, rule.first_weekday) + n_weeks * WEEK - DAY


def cut(
    rule: Rule, starts_on: dt.date, ends_on: dt.date, until: dt.date, *, number: int = 1
) -> Iterator[Bounds]:
    """Yield the periods from `starts_on` up to the one that holds `until`, oldest first, from `number` on.

    The first begins on `starts_on`, wherever the rule's own grid lies, so that a changed rule goes on
    where the former one stopped; the last ends with the campaign.
    """
    day = starts_on
    while day <= min(until, ends_on):
        full_end = last_day(rule, day)
        yield bounds(rule, number, day, min(full_end, ends_on), full_end)
        day, number = full_end + DAY, number + 1


def bounds(
    rule: Rule, number: int, starts_on: dt.date, ends_on: dt.date, full_end: dt.date | None = None
) -> Bounds:
    """Return one period with its moments, reckoned from `full_end`, the end that it would have uncut."""
    end = full_end or ends_on
    planned = end - dt.timedelta(days=(end.weekday() - rule.due_weekday) % 7)
    if planned < starts_on:
        # What is left of the period begins behind its deadline: it is due when it ends.
        planned = ends_on
    settled = rule.workdays.settle(planned)
    due_at = deadline(settled.day, rule.due_time, rule.zone)
    close_at = midnight_after(end + rule.n_grace_days * DAY, rule.zone)
    return Bounds(
        number=number,
        starts_on=starts_on,
        ends_on=ends_on,
        due_at=due_at,
        # A deadline that a holiday pushed behind the close takes the close along.
        close_at=max(due_at, close_at),
        planned_due_on=planned,
        moved_for=settled.holiday,
        is_plain=not rule.workdays.knows(planned),
    )
