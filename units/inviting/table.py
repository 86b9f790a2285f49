"""Find the table of people in a workbook: its header under title rows, its rows as text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from units.rules import RuleError
from units.texts import tidy_line
from units.workbooks.reading import Cell, Sheet, column_letters, text

# What the columns are called; the first is what the template says. Spaces, case and width do not matter.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "name"),
    "unit": ("单位代码", "单位编码", "unit code", "unit"),
    "role": ("角色", "岗位", "role"),
    "phone": ("手机号", "手机", "手机号码", "电话", "联系电话", "phone"),
    "email": ("邮箱", "电子邮箱", "邮件", "email", "e-mail"),
    "username": ("登录名", "账号", "用户名", "sign-in name", "username"),
}
REQUIRED = ("name", "unit", "role")
SEARCHED_ROWS = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the sheet's name, "" for the only one, and the row from 1; 0 for the whole file."""

    sheet: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row that should be a person in a role; `texts` by the keys of HEADINGS, each of them there."""

    place: Place
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class People:
    """All rows of all sheets that have the headings; `columns` maps a sheet's name to field and column."""

    lines: list[Line]
    columns: dict[str, dict[str, int]]

    def letters(self, place: Place, field: str) -> str:
        """Return the letters of the column that holds `field` there, "" where the sheet has none."""
        columns = self.columns.get(place.sheet, {})
        return column_letters(columns[field] + 1) if field in columns else ""


def find_people(sheets: Iterable[Sheet]) -> People:
    """Return the rows below each header that names people, units and roles.

    Raises: RuleError `no_header` where no sheet has a row with these headings.
    """
    people = People([], {})
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
            columns = _columns(row)
            if all(field in columns for field in REQUIRED):
                people.columns[sheet.name] = columns
                people.lines.extend(_lines(sheet, number, columns))
                break
    if not people.columns:
        message = _(
            "No row with the headings of a list of people was found. It needs the columns %(headings)s."
        )
        raise RuleError(
            "no_header", message % {"headings": "、".join(HEADINGS[name][0] for name in REQUIRED)}
        )
    return people


def _lines(sheet: Sheet, header: int, columns: dict[str, int]) -> Iterable[Line]:
    """Yield the rows below the header; one with a single text is a note."""
    for number, row in enumerate(sheet.rows[header + 1 :], header + 2):
        cells = [tidy_line(text(cell)) for cell in row]
        if sum(bool(cell) for cell in cells) < 2 or _columns(row) == columns:
            continue
        texts = {
            field: cells[columns[field]] if columns.get(field, len(cells)) < len(cells) else ""
            for field in HEADINGS
        }
        yield Line(Place(sheet.name, number), texts)


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
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split()).rstrip("*")
