"""Find the tables of a ledger: which sheet is of which type, where its headings stand, and its rows."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.campaigns.designing import design_of
from reports.campaigns.designs import Design
from reports.campaigns.models import ActivityType, Campaign, Indicator
from reports.records.ledgers.columns import (
    DAY,
    KEY,
    TITLE,
    Column,
    fields_by_heading,
    plain,
    without_brackets,
)
from reports.records.ledgers.resources import LedgerResource
from units.models import Unit
from units.texts import tidy_line
from units.workbooks.reading import Cell, Sheet, column_letters, text

# The headings may lie under a few title rows.
SEARCHED_ROWS = 50
MARKED_ROWS = 5
# The hidden mark in the first column of each sheet; the cover's type is 0.
MARK = re.compile(r"ledger:(?P<campaign>\d{1,9}):(?P<unit>\d{1,9}):(?P<kind>\d{1,9})")
KEY_HEADINGS = frozenset({"recordkey", "记录标识"})
TOTALS = frozenset({"合计", "小计", "总计", "total", "sum"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands against the import; `row` counts from 1 as people see it, 0 for the sheet."""

    sheet: str
    row: int
    column: str
    heading: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One type as a sheet: its indicators, its form, the columns that this gives, and their names."""

    activity_type: ActivityType
    indicators: list[Indicator]
    design: Design
    resource: LedgerResource
    fields: dict[str, str]

    @property
    def columns(self) -> list[Column]:
        """Return the columns in the order of the template."""
        return self.resource.columns


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its number, its hidden key, and its cells by field."""

    row: int
    key: uuid.UUID | None
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet that was understood; `places` says in which column, from 0, each field stands."""

    sheet: str
    layout: Layout
    places: dict[str, int]
    headings: dict[str, str]
    lines: list[Line]

    def problem(self, row: int, name: str, code: str, message: str) -> Problem:
        """Return a problem with its place as the person finds it."""
        place = self.places.get(name)
        column = "" if place is None else column_letters(place + 1)
        named = (column.heading for column in self.layout.columns if column.field == name)
        heading = self.headings.get(name) or next(named, "")
        return Problem(self.sheet, row, column, heading.removesuffix("*").strip(), code, message)


@dataclass(slots=True)
class Tables:
    """All sheets of one file. Without `is_bare` rows, a table without headings is none."""

    unit: Unit
    campaign: Campaign
    layouts: list[Layout]
    chosen: ActivityType | None = None
    is_bare: bool = False
    found: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    # Sheets and columns that are no part of the ledger, as the person calls them.
    passed_over: list[str] = field(default_factory=list)

    def find(self, sheets: Iterable[Sheet]) -> None:
        """Look through the sheets; what is found lies in `found`, `problems` and `passed_over`."""
        for sheet in sheets:
            self._look_at(sheet)
        if not self.found and not self.problems:
            message = _(
                "No sheet of a ledger was found. Each needs a heading row with “%(day)s” and “%(title)s”."
            )
            names = {"day": _("Day"), "title": _("Title")}
            self.problems.append(Problem("", 0, "", "", "no_table", message % names))

    def _look_at(self, sheet: Sheet) -> None:
        """Take a sheet in, note what is wrong with it, or pass it over."""
        mark = _mark(sheet)
        if mark and (not self._is_ours(mark) or not int(mark["kind"])):
            # Another unit's sheet, or the cover.
            return
        layout = self._layout(sheet, int(mark["kind"]) if mark else 0)
        if layout is None:
            if not mark and any(_header(sheet, one.fields) for one in self.layouts):
                message = _(
                    "It is not said which activities this sheet lists. Give it the name of the type "
                    "of activity, or choose the type where you hand the file in."
                )
                self._note(sheet, "type_unsaid", message)
            elif not mark and sheet.rows:
                self.passed_over.append(sheet.name)
            return
        header = _header(sheet, layout.fields)
        if header is not None:
            self._take(sheet, layout, *header)
        elif self.is_bare:
            fields = [column.field for column in layout.columns]
            self._take(sheet, layout, -1, dict(zip(fields, range(len(fields)), strict=True)))
        elif sheet.rows:
            message = _("No heading row with “%(day)s” and “%(title)s” was found.")
            self._note(sheet, "no_header", message % {"day": _("Day"), "title": _("Title")})

    def _is_ours(self, mark: re.Match[str]) -> bool:
        """Note a workbook of another unit or campaign, once for all of its sheets."""
        if int(mark["unit"]) != self.unit.pk:
            message = _("This ledger is another unit's; choose that unit, or take a new ledger for %(unit)s.")
            problem = Problem("", 0, "", "", "other_unit", message % {"unit": self.unit})
        elif int(mark["campaign"]) != self.campaign.pk:
            message = _("This ledger belongs to another campaign; take a new one for “%(campaign)s”.")
            problem = Problem("", 0, "", "", "other_campaign", message % {"campaign": self.campaign})
        else:
            return True
        if problem not in self.problems:
            self.problems.append(problem)
        return False

    def _layout(self, sheet: Sheet, kind: int) -> Layout | None:
        """Return the type of a sheet: by its hidden mark, else by its name, else the one that was chosen."""
        if kind:
            marked = next((one for one in self.layouts if one.activity_type.pk == kind), None)
            if marked is None:
                self._note(
                    sheet, "type_retired", _("This type of activity is no longer used; delete the sheet.")
                )
            return marked
        called = plain(sheet.name)
        for layout in self.layouts:
            if called and called in {plain(layout.activity_type.name), plain(layout.activity_type.code)}:
                return layout
        return next((one for one in self.layouts if one.activity_type == self.chosen), None)

    def _take(self, sheet: Sheet, layout: Layout, header: int, places: dict[str, int]) -> None:
        """Read the rows below the headings."""
        row = sheet.rows[header] if header >= 0 else []
        headings = {name: tidy_line(text(row[place])) for name, place in places.items()} if row else {}
        known = set(places.values())
        unknown = [tidy_line(text(cell)) for place, cell in enumerate(row) if place not in known]
        self.passed_over += [f"{sheet.name} · {heading}".strip(" ·") for heading in unknown if heading]
        lines = list(_lines(sheet, header, places))
        self.found.append(Table(sheet.name, layout, places, headings, lines))

    def _note(self, sheet: Sheet, code: str, message: str) -> None:
        """Add a problem of a whole sheet."""
        self.problems.append(Problem(sheet.name, 0, "", "", code, message))


def mark_of(campaign: Campaign, unit: Unit, kind: ActivityType | None) -> str:
    """Return the hidden mark of a sheet."""
    return f"ledger:{campaign.pk}:{unit.pk}:{kind.pk if kind else 0}"


def layouts_of(campaign: Campaign) -> list[Layout]:
    """Return the types on offer, each with its columns. Queries: two."""
    kinds = campaign.types.offered().select_related("campaign").prefetch_related("indicators")
    return [_layout_of(kind, campaign) for kind in kinds]


def _layout_of(kind: ActivityType, campaign: Campaign) -> Layout:
    """Return the layout of one type."""
    indicators = sorted(kind.indicators.all(), key=lambda indicator: (indicator.position, indicator.pk))
    design = design_of(kind, indicators)
    return Layout(kind, indicators, design, LedgerResource(design, campaign), fields_by_heading(design))


def _mark(sheet: Sheet) -> re.Match[str] | None:
    """Return the hidden mark of a sheet of ours; it survives a new name and a new order of the sheets."""
    for row in sheet.rows[:MARKED_ROWS]:
        if row and isinstance(row[0], str) and (found := MARK.fullmatch(row[0])):
            return found
    return None


def _header(sheet: Sheet, fields: dict[str, str]) -> tuple[int, dict[str, int]] | None:
    """Return the number of the row, from 0, that names day and title, and its columns; None without one."""
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        places = _places(row, fields)
        if DAY in places and TITLE in places:
            return number, places
    return None


def _places(row: list[Cell], fields: dict[str, str]) -> dict[str, int]:
    """Return which column holds which field, if this row holds headings; the first of two alike counts."""
    places: dict[str, int] = {}
    for place, cell in enumerate(row):
        if not isinstance(cell, str):
            continue
        heading = plain(cell)
        name = (
            KEY if heading in KEY_HEADINGS else fields.get(heading) or fields.get(without_brackets(heading))
        )
        if name:
            places.setdefault(name, place)
    return places


def _lines(sheet: Sheet, header: int, places: dict[str, int]) -> Iterator[Line]:
    """Yield the rows that hold anything, sums and repeated headings left out."""
    headings = sheet.rows[header] if header >= 0 else None
    key_at = places.get(KEY)
    fields = [(name, place) for name, place in places.items() if name != KEY]
    for row, cells in enumerate(sheet.rows[header + 1 :], header + 2):
        width = len(cells)
        found = {name: cells[place] if place < width else None for name, place in fields}
        if all(_is_empty(cell) for cell in found.values()) or cells == headings or _is_total(cells):
            continue
        yield Line(row, _key(cells[key_at]) if key_at is not None and key_at < width else None, found)


def _is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _is_total(cells: list[Cell]) -> bool:
    """Say whether a row adds up those above it."""
    first = next((cell for cell in cells if not _is_empty(cell)), None)
    return isinstance(first, str) and plain(first).rstrip(":") in TOTALS


def _key(cell: Cell) -> uuid.UUID | None:
    """Return the hidden key of a row; none where somebody wrote over it."""
    try:
        return uuid.UUID(cell) if isinstance(cell, str) else None
    except ValueError:
        return None
