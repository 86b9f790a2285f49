"""How weeks and deadlines are said, in the person's language."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

DAY_SECONDS = 24 * 60 * 60
HOUR_SECONDS = 60 * 60


def span(first: dt.date, last: dt.date) -> str:
    """Return “Nov. 16–22”, or both months where the days lie in two."""
    day = pgettext("date format of a day in its month", "N j")
    of_last = day if first.month != last.month else pgettext("date format of a day alone", "j")
    return f"{date_format(first, day)}–{date_format(last, of_last)}"


def remaining(until: dt.datetime, now: dt.datetime) -> str:
    """Return the time from `now` to the aware moment `until` in its two largest units; empty when over."""
    seconds = int((until - now).total_seconds())
    if seconds < 0:
        return ""
    days, rest = divmod(seconds, DAY_SECONDS)
    hours, minutes = rest // HOUR_SECONDS, rest % HOUR_SECONDS // 60
    if days:
        return _join(_days(days), _hours(hours) if hours else "")
    return _join(_hours(hours) if hours else "", _minutes(minutes))


def _days(number: int) -> str:
    """Return “2 days”."""
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}


def _hours(number: int) -> str:
    """Return “3 hours”."""
    return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}


def _minutes(number: int) -> str:
    """Return “5 minutes”."""
    return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}


def _join(larger: str, smaller: str) -> str:
    """Put two measures of time behind each other."""
    if not larger or not smaller:
        return larger or smaller
    return _("%(larger)s %(smaller)s") % {"larger": larger, "smaller": smaller}
