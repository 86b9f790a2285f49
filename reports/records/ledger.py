"""Read a ledger of past activities: which column holds what, and each line as a unit with its content.

Every error is listed at once. Rules of content are those of content.py; nothing is written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.campaigns.designing import design_of
from reports.campaigns.designs import Design
from reports.campaigns.models import ActivityType, Indicator, Period
from reports.records.asked import VALUE_PREFIX
from reports.records.content import Content, admitted, gaps
from reports.records.ledger_values import TEXT_FIELDS, day_of, too_long, value_of
from units.models import Unit
from units.rules import RuleError
from units.texts import tidy, tidy_line
from units.workbooks.reading import Cell, Sheet, text

REQUIRED = ("unit", "held_on")
# The header may lie under a few title rows.
SEARCHED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """How a ledger is to be read: which heading holds which field, and what is the same on every line.

    A field is `unit`, `held_on`, `title`, `place`, `text` or the code of an indicator.
    """

    activity_type: ActivityType
    source: str
    columns: dict[str, str]
    constants: dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands against the load; `line` counts from 1 as the person sees it, 0 for the file."""

    line: int
    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger as the record that it will be."""

    line: int
    unit: Unit
    period: Period
    content: Content


@dataclass(slots=True)
class Reader:
    """Turns rows into entries. Queries: two for the units, one each for periods and indicators."""

    reading: Reading
    today: dt.date
    problems: list[Problem] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    design: Design = field(default_factory=Design)
    units: dict[str, list[Unit]] = field(default_factory=dict)
    periods: list[Period] = field(default_factory=list)

    def read(self, sheets: Iterable[Sheet]) -> list[Entry]:
        """Return the sound entries; look at `problems` before using them.

        Raises: RuleError `unknown_field`, `field_missing`, `no_header`.
        """
        activity_type = self.reading.activity_type
        self.indicators = list(activity_type.indicators.asked())
        self.design = design_of(activity_type, self.indicators)
        weekly = Period.objects.filter(campaign=activity_type.campaign_id).weekly()
        self.periods = list(weekly.select_related("campaign").order_by("starts_on"))
        self._check_fields()
        rows = _table(sheets, self.reading.columns)
        lines = [(number, self._cells(cells)) for number, cells in rows]
        self._find_units([tidy_line(text(cells["unit"])) for _number, cells in lines])
        entries = [self._entry(number, cells) for number, cells in lines]
        return [entry for entry in entries if entry is not None]

    def _check_fields(self) -> None:
        """Refuse fields that a record of this type does not have, and a ledger without units or days."""
        given = self.reading.columns.keys() | self.reading.constants.keys()
        known = [*REQUIRED, *TEXT_FIELDS, *(indicator.code for indicator in self.indicators)]
        unknown = sorted(given - set(known))
        if unknown:
            message = _("“%(unknown)s” is no field of this type of activity; there are %(known)s.")
            names = {"unknown": ", ".join(unknown), "known": ", ".join(known)}
            raise RuleError("unknown_field", message % names)
        for name in REQUIRED:
            if name not in given:
                message = _("Say which column holds “%(field)s”.")
                raise RuleError("field_missing", message % {"field": name})

    def _cells(self, cells: dict[str, Cell]) -> dict[str, Cell]:
        """Return the cells of one row by field, with what is the same on every line."""
        return {**self.reading.constants, **cells}

    def _find_units(self, written: list[str]) -> None:
        """Look the units up by code and by name; note all unknown and ambiguous ones at once."""
        wanted = sorted(set(written) - {""})
        for unit in [*Unit.objects.filter(code__in=wanted), *Unit.objects.filter(name__in=wanted)]:
            for called in {unit.code, unit.name} & set(wanted):
                known = self.units.setdefault(called, [])
                # A code counts before a name that reads the same.
                if not known or (unit not in known and known[0].code != called):
                    known.append(unit)
        for name in wanted:
            found = self.units.get(name, [])
            if not found:
                message = _("There is no unit called “%(unit)s”, neither by name nor by code.")
                self._note(0, "unit", "unit_unknown", message % {"unit": name})
            elif len(found) > 1:
                message = _("%(count)d units are called “%(unit)s”; write the code instead.")
                self._note(0, "unit", "unit_ambiguous", message % {"unit": name, "count": len(found)})

    def _entry(self, line: int, cells: dict[str, Cell]) -> Entry | None:
        """Return one line as an entry, None where it has an error, which is then noted."""
        before = len(self.problems)
        called = tidy_line(text(cells["unit"]))
        if not called:
            self._note(line, "unit", "required", _("The unit is missing."))
        units = self.units.get(called, [])
        content = self._content(line, cells)
        if content is None or len(units) != 1 or len(self.problems) > before:
            return None
        try:
            period = admitted(self._period(content.held_on), units[0], content.held_on)
        except RuleError as error:
            self._note(line, error.field, error.code, str(error))
            return None
        return Entry(line, units[0], period, content)

    def _content(self, line: int, cells: dict[str, Cell]) -> Content | None:
        """Return what a line says as content that obeys the hard rules; None where it cannot be read."""
        try:
            held_on = day_of(cells["held_on"])
            values = {
                indicator.code: value
                for indicator in self.indicators
                if (value := value_of(cells.get(indicator.code), indicator)) is not None
            }
        except RuleError as error:
            self._note(line, error.field, error.code, str(error))
            return None
        title, place = (tidy_line(text(cells.get(name))) for name in ("title", "place"))
        content = Content(held_on, title, place, tidy(text(cells.get("text"))), values)
        for gap in [*gaps(content, self.design, today=self.today), *too_long(content)]:
            self._note(line, gap.field.removeprefix(VALUE_PREFIX), gap.code, str(gap))
        return content

    def _period(self, day: dt.date) -> Period | None:
        """Return the week that holds `day`."""
        return next((week for week in self.periods if week.starts_on <= day <= week.ends_on), None)

    def _note(self, line: int, name: str, code: str, message: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(line, name, code, message))


def _table(sheets: Iterable[Sheet], columns: dict[str, str]) -> Iterable[tuple[int, dict[str, Cell]]]:
    """Return the rows below the first row that has all headings, by field, with their numbers from 1.

    Raises: RuleError `no_header` naming the headings that were looked for.
    """
    for sheet in sheets:
        for header, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
            headings = [tidy_line(text(cell)) for cell in row]
            if headings and all(heading in headings for heading in columns.values()):
                places = {name: headings.index(heading) for name, heading in columns.items()}
                return _rows(sheet, header, places)
    message = _("No row has all of the headings %(headings)s; look at how they are spelt in the file.")
    headings_text = ", ".join(f"“{heading}”" for heading in columns.values())
    raise RuleError("no_header", message % {"headings": headings_text})


def _rows(sheet: Sheet, header: int, places: dict[str, int]) -> Iterable[tuple[int, dict[str, Cell]]]:
    """Yield the rows below the header that are not empty."""
    for number, row in enumerate(sheet.rows[header + 1 :], header + 2):
        if any(cell is not None for cell in row):
            yield number, {name: row[at] if at < len(row) else None for name, at in places.items()}
