"""The errors of a ledger as a workbook, to work through beside the ledger itself."""

from __future__ import annotations

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from reports.records.ledgers.tables import Problem
from units.cells import safe_text

WIDTHS = (24, 8, 8, 24, 90)


def write_problems(problems: Iterable[Problem]) -> bytes:
    """Return a workbook with one row per error: sheet, row, column, heading, what is wrong."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, bold = book.add_worksheet(_("Errors")), book.add_format({"bold": True})
        page.write_row(0, 0, [_("Sheet"), _("Row"), _("Column"), _("Heading"), _("What is wrong")], bold)
        for row, problem in enumerate(problems, 1):
            page.write_string(row, 0, safe_text(problem.sheet))
            if problem.row:
                page.write_number(row, 1, problem.row)
            page.write_string(row, 2, problem.column)
            page.write_string(row, 3, safe_text(problem.heading))
            page.write_string(row, 4, safe_text(problem.message))
        for place, width in enumerate(WIDTHS):
            page.set_column(place, place, width)
        page.freeze_panes(1, 0)
    return file.getvalue()
