"""The working-day calendar: read it, and load a year of it from the file in which it is published.

Source: the files of the holiday-cn project, one JSON per year: year, papers, days with name, date, isOffDay.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import CalendarYear, SpecialDay
from reports.campaigns.workdays import Special, Workdays
from units import audit
from units.models import Account, Deed
from units.rules import RuleError
from units.texts import tidy_line

MAY_LOAD = "campaigns.change_calendaryear"
MAX_BYTES = 256 * 1024
YEARS = range(2000, 2101)
# A year has some 30 of them.
MOST_DAYS = 120
MOST_SOURCES = 10


@dataclass(frozen=True, slots=True)
class Published:
    """One year as its file tells it; days in their order."""

    year: int
    sources: list[str]
    days: dict[dt.date, Special]


@dataclass(frozen=True, slots=True)
class Difference:
    """One day that a new file tells otherwise than what is stored; None: not special."""

    day: dt.date
    was: Special | None
    becomes: Special | None


def workdays(first: dt.date, last: dt.date) -> Workdays:
    """Return what is known of the years from `first` to `last`, and of the one behind. Queries: two."""
    years = range(first.year, last.year + 2)
    rows = SpecialDay.objects.filter(year__year__in=years)
    special = {day: Special(name, is_off) for day, name, is_off in rows.values_list("day", "name", "is_off")}
    known = CalendarYear.objects.filter(year__in=years).values_list("year", flat=True)
    return Workdays(special, frozenset(known))


def parse(raw: bytes) -> Published:
    """Return the year that a file tells. Raises: RuleError `calendar`, which says what is wrong with it."""
    if len(raw) > MAX_BYTES:
        raise _wrong(_("The file is larger than a year's calendar can be (256 KiB)."))
    try:
        told = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _wrong(_("The file is no JSON text; take the file of one year as it was published.")) from error
    if not isinstance(told, dict) or not isinstance(told.get("days"), list):
        raise _wrong(_("The file has no list “days”; take the file of one year as it was published."))
    year = told.get("year")
    if type(year) is not int or year not in YEARS:
        raise _wrong(_("The file does not say for which year it is."))
    if not told["days"]:
        raise _wrong(
            _("The file of %(year)d lists no day yet; it is filled once the year is announced.") % told
        )
    if len(told["days"]) > MOST_DAYS:
        raise _wrong(_("The file lists more special days than a year can have."))
    return Published(year, _sources(told.get("papers")), _days(told["days"], year))


def differences(published: Published) -> list[Difference]:
    """Return the days that would change, in their order. Queries: one."""
    rows = SpecialDay.objects.filter(year__year=published.year).values_list("day", "name", "is_off")
    stored = {day: Special(name, is_off) for day, name, is_off in rows}
    days = sorted(stored.keys() | published.days.keys())
    pairs = [Difference(day, stored.get(day), published.days.get(day)) for day in days]
    return [one for one in pairs if one.was != one.becomes]


@transaction.atomic
def load(published: Published, *, actor: Account | None) -> CalendarYear:
    """Store a year, whole; the periods that have opened stay as they are.

    Raises: RuleError `not_yours`.
    """
    if actor is not None and not actor.has_perm(MAY_LOAD):
        raise RuleError("not_yours", _("You may not load a calendar; ask an administrator."))
    n_changed = len(differences(published))
    year, _is_new = CalendarYear.objects.update_or_create(
        year=published.year,
        defaults={"sources": published.sources, "loaded_at": timezone.now(), "loaded_by": actor},
    )
    # Those of the year, and the days around New Year that the file of the year before told of as well.
    SpecialDay.objects.filter(Q(year=year) | Q(day__in=published.days)).delete()
    SpecialDay.objects.bulk_create(
        SpecialDay(year=year, day=day, name=special.name, is_off=special.is_off)
        for day, special in published.days.items()
    )
    changes = {"year": published.year, "days": len(published.days), "changed": n_changed}
    audit.record(Deed.IMPORT, actor=actor, subject=year, changes=changes)
    return year


def _days(told: list[object], year: int) -> dict[dt.date, Special]:
    """Return the entries of the file by their day, in order; none of them twice."""
    days: dict[dt.date, Special] = {}
    for number, one in enumerate(told, start=1):
        day, special = _day(one, number, year)
        if day in days:
            raise _wrong(_("Entry %(number)d tells a day for the second time.") % {"number": number})
        days[day] = special
    return dict(sorted(days.items()))


def _day(told: object, number: int, year: int) -> tuple[dt.date, Special]:
    """Return one entry of the file."""
    at = {"number": number}
    if not isinstance(told, dict):
        raise _wrong(_("Entry %(number)d is no day.") % at)
    name, day, is_off = told.get("name"), told.get("date"), told.get("isOffDay")
    if not isinstance(name, str) or not tidy_line(name) or len(name) > 40:
        raise _wrong(_("Entry %(number)d has no name of at most 40 characters.") % at)
    if not isinstance(is_off, bool):
        raise _wrong(_("Entry %(number)d does not say whether the day is off.") % at)
    try:
        parsed = dt.date.fromisoformat(day if isinstance(day, str) else "")
    except ValueError as error:
        raise _wrong(_("Entry %(number)d has no date like 2027-01-01.") % at) from error
    # A holiday around New Year begins in the year before.
    if abs((parsed - dt.date(year, 7, 1)).days) > 200:
        raise _wrong(_("Entry %(number)d lies in another year.") % at)
    return parsed, Special(tidy_line(name), is_off)


def _sources(told: object) -> list[str]:
    """Return the addresses of the announcements; what is none is left out."""
    listed = told if isinstance(told, list) else []
    return [str(one)[:300] for one in listed if str(one).startswith("https://")][:MOST_SOURCES]


def _wrong(message: str) -> RuleError:
    """Return the refusal of a file."""
    return RuleError("calendar", message, field="file")
