"""The empty list that an administrator fills in."""

from __future__ import annotations

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from units.inviting.plan import INVITED
from units.inviting.table import HEADINGS, REQUIRED

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows that are text before anybody types: a phone or a code must not become a number.
TEXT_ROWS = 500
WIDTHS = {"name": 14, "unit": 18, "role": 16, "phone": 18, "email": 28, "username": 20}


def template() -> bytes:
    """Return the workbook: one sheet to fill in, one that says how."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("People")
    for column, (field, names) in enumerate(HEADINGS.items(), 1):
        heading = sheet.cell(1, column, names[0] + ("*" if field in REQUIRED else ""))
        heading.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS[field]
        for row in range(2, TEXT_ROWS + 2):
            sheet.cell(row, column).number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(_("How to fill in"))
    notes.column_dimensions["A"].width = 90
    for row, line in enumerate(_lines(), 1):
        notes.cell(row, 1, line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _lines() -> list[str]:
    """Return how to fill it in, line by line."""
    roles = ", ".join(str(role.label) for role in INVITED.values())
    return [
        _("One row is one person in one role; a second role is a second row with the same name and phone."),
        _("Columns with * are needed. The code of the unit is the one that the portal has for it."),
        _("Roles: %(roles)s.") % {"roles": roles},
        _("Without a sign-in name the portal makes one from the name."),
        _("With an address the person also gets a letter with a link to set a password."),
    ]
