"""The empty list that a person fills in and imports."""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from units.cells import safe_text
from units.importing.values import DAYS, NUMBERS
from units.models import UnitKind
from units.resources import COLUMNS, headings

# As many rows have the drop-down and the formats; the import takes more.
N_ROWS = 5000
WIDTHS = {"name": 34, "code": 16, "kind": 18, "parent": 16}
KINDS_FROM = 2


def write_template(kinds: Iterable[UnitKind]) -> bytes:
    """Return a workbook with the headings, a drop-down of the kinds, and notes on a second sheet."""
    book = Workbook()
    sheet, notes = book.active, book.create_sheet(_("Notes"))
    assert isinstance(sheet, Worksheet)  # noqa: S101 - openpyxl's own type allows for chart sheets
    sheet.title = _("Units")
    names = [safe_text(str(kind)) for kind in kinds]
    _write_notes(notes, names)
    _write_head(sheet)
    _offer_kinds(sheet, notes.title, len(names))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_head(sheet: Worksheet) -> None:
    """Write the headings and give each column its width and format."""
    for number, (name, heading) in enumerate(zip(COLUMNS, headings(), strict=True), 1):
        cell = sheet.cell(1, number, heading)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EAF1FA")
        column = sheet.column_dimensions[get_column_letter(number)]
        column.width = WIDTHS.get(name, 14)
        # As text: a spreadsheet would cut the zeros in front of a code and round a long one.
        column.number_format = "yyyy-mm-dd" if name in DAYS else "0" if name in NUMBERS else "@"
    sheet.freeze_panes = "C2"


def _offer_kinds(sheet: Worksheet, notes: str, n_kinds: int) -> None:
    """Offer the kinds as a drop-down and refuse what is none."""
    if not n_kinds:
        return
    column = get_column_letter(COLUMNS.index("kind") + 1)
    source = f"'{notes}'!$C${KINDS_FROM}:$C${KINDS_FROM + n_kinds - 1}"
    choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    choice.add(f"{column}2:{column}{N_ROWS}")
    sheet.add_data_validation(choice)


def _write_notes(notes: Worksheet, kinds: list[str]) -> None:
    """Say what each column takes, and list the kinds beside it."""
    said = [
        _("The code and the name are needed; a unit is found again by its code."),
        _("Choose the kind from the list; a unit that is stored keeps its own where the cell is empty."),
        _("The parent is given by its code. It may stand in this file too, in any row."),
        _("Heads are whole numbers; say on which day they were counted. Days are written like 2026-09-01."),
        _("An empty cell empties what is stored; leave out a column that you do not want to touch."),
        _("Nothing is imported while one row has an error; you see every error with its cell."),
    ]
    for row, sentence in enumerate(said, 2):
        notes.cell(row, 1, sentence).alignment = Alignment(wrap_text=True, vertical="top")
    notes.cell(1, 1, _("How to fill in the list")).font = Font(bold=True)
    notes.cell(1, 3, _("Kinds")).font = Font(bold=True)
    for row, kind in enumerate(kinds, KINDS_FROM):
        notes.cell(row, 3, kind)
    notes.column_dimensions["A"].width, notes.column_dimensions["C"].width = 70, 22
