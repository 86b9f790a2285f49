"""Find the table of units in a workbook: its header under title rows, its bands, its rows as text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from units.cells import plain
from units.rules import RuleError
from units.texts import tidy_line
from units.workbooks.reading import Cell, Sheet, column_letters, text

# What the columns of published lists are called. Spaces, case and full-width forms do not matter.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("学校名称", "单位名称", "机构名称", "名称", "name"),
    "code": ("学校标识码", "单位代码", "学校代码", "机构代码", "统一社会信用代码", "标识码", "代码", "code"),
    "kind": ("类型", "单位类型", "kind"),
    "parent": ("上级代码", "上级单位代码", "parent"),
    "authority": ("主管部门", "authority"),
    "place": ("所在地", "place"),
    "level": ("办学层次", "level"),
    "n_staff": ("教职工数", "教职工人数", "staff"),
    "n_party_members": ("党员数", "党员人数", "party members"),
    "n_students": ("学生数", "在校生数", "students"),
    "counted_on": ("人数统计日期", "统计日期", "heads counted on"),
    "opened_on": ("设立日期", "opened on"),
    "closed_on": ("撤销日期", "closed on"),
    "note": ("备注", "note"),
    "number": ("序号", "no."),
}
REQUIRED = ("name", "code")
# A header lies under a few title rows, not under a table.
SEARCHED_ROWS = 50
BAND = re.compile(r"(?P<name>[^()（）]+?)\s*[（(]\s*(?P<count>\d+)\s*所\s*[）)]")
# A spreadsheet keeps 15 digits of a number; the rest of a longer code is lost for good.
LARGEST_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands against the import. `row` counts from 1 as the person sees it, 0 for the file."""

    row: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Band:
    """One heading between the rows, such as 北京市（92所）, with what it declares and what follows it."""

    name: str
    n_declared: int
    n_found: int

    @property
    def is_right(self) -> bool:
        """Say whether as many rows follow as the heading declares."""
        return self.n_declared == self.n_found


@dataclass(frozen=True, slots=True)
class Line:
    """One row that should be a unit; `texts` by the keys of HEADINGS, of the columns that the file has."""

    row: int
    texts: dict[str, str]
    band: str


@dataclass(frozen=True, slots=True)
class Table:
    """What was found; `columns` maps a key of HEADINGS to its column from 0, `headings` to its heading."""

    sheet: str
    header_row: int
    columns: dict[str, int]
    headings: dict[str, str]
    lines: list[Line]
    bands: list[Band]
    n_skipped: int
    problems: list[Problem]

    def place(self, problem: Problem) -> str:
        """Return where a problem stands, as the person finds it: “sheet!B3”, or "" for the whole file."""
        if not problem.row:
            return ""
        sheet = f"{self.sheet}!" if self.sheet else ""
        return f"{sheet}{problem.column}{problem.row}"

    def letters(self, field: str) -> str:
        """Return the letters of the column that holds `field`, "" where the file has none."""
        return column_letters(self.columns[field] + 1) if field in self.columns else ""


def find_table(sheets: Iterable[Sheet]) -> Table:
    """Return the first table that names and codes units.

    Raises: RuleError `no_header` where no sheet has a row with both headings.
    """
    found = [(sheet, *header) for sheet in sheets if (header := _header(sheet)) is not None]
    if found:
        table = _read(*found[0])
        return replace(table, problems=[*table.problems, *(_another(sheet) for sheet, *_rest in found[1:])])
    message = _(
        "No row with the headings of a list of units was found. "
        "It needs a column for the name (%(names)s) and one for the code (%(codes)s)."
    )
    names, codes = ("、".join(HEADINGS[field]) for field in REQUIRED)
    raise RuleError("no_header", message % {"names": names, "codes": codes})


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the number of the row, from 0, that names and codes units, and its columns; None without one."""
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        columns = _columns(row)
        if all(field in columns for field in REQUIRED):
            return number, columns
    return None


def _another(sheet: Sheet) -> Problem:
    """Return the problem of a sheet that would be passed over without a word."""
    message = _("The sheet “%(sheet)s” holds a list of units too; hand each sheet in as a file of its own.")
    return Problem(0, "", "another_sheet", message % {"sheet": sheet.name})


def _columns(row: list[Cell]) -> dict[str, int]:
    """Return which column holds which field, if this is a header; the first of two alike counts."""
    known = {_key(name): field for field, names in HEADINGS.items() for name in names}
    columns: dict[str, int] = {}
    for column, cell in enumerate(row):
        field = known.get(_key(text(cell)))
        if field is not None:
            columns.setdefault(field, column)
    return columns


def _key(heading: str) -> str:
    """Return a heading without what may differ between two lists."""
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())


def _read(sheet: Sheet, header: int, columns: dict[str, int]) -> Table:
    """Read the rows below the header; a row with one text alone is a band or a note, and no unit."""
    lines: list[Line] = []
    bands: list[Band] = []
    problems: list[Problem] = []
    n_skipped = 0
    for number, row in enumerate(sheet.rows[header + 1 :], header + 2):
        cells = [tidy_line(text(cell)) for cell in row]
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if len(filled) == 1:
            band = BAND.fullmatch(filled[0])
            n_skipped += band is None
            if band:
                bands.append(Band(band["name"], int(band["count"]), 0))
            continue
        if _columns(row) == columns:
            n_skipped += 1
            continue
        lines.append(Line(number, _texts(cells, columns), bands[-1].name if bands else ""))
        problems.extend(_rounded(number, row, columns["code"]))
        if bands:
            bands[-1] = replace(bands[-1], n_found=bands[-1].n_found + 1)
    headings = {field: text(sheet.rows[header][column]).strip() for field, column in columns.items()}
    return Table(sheet.name, header + 1, columns, headings, lines, bands, n_skipped, problems)


def _texts(cells: list[str], columns: dict[str, int]) -> dict[str, str]:
    """Return the texts of one row by field; a row that ends early is empty from there on."""
    return {field: plain(cells[column]) if column < len(cells) else "" for field, column in columns.items()}


def _rounded(number: int, row: list[Cell], column: int) -> list[Problem]:
    """Return the problem of a code that the spreadsheet kept as a number too long to be exact."""
    cell = row[column] if column < len(row) else None
    if not isinstance(cell, int | float) or abs(cell) < LARGEST_EXACT:
        return []
    message = _(
        "The code is stored as a number of more than 15 digits, so its end is lost; enter it as text."
    )
    return [Problem(number, column_letters(column + 1), "code_rounded", message)]
