"""A block of cells as a spreadsheet puts it on the clipboard."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from units.rules import RuleError
from units.workbooks.reading import Sheet

MOST_CHARACTERS = 500_000
MOST_COLUMNS = 100


def sheet_of(block: str) -> Sheet:
    """Return the cells of a block: rows on lines, cells behind tabs, quoted where they hold either.

    Raises: RuleError `empty`, `too_large`, `damaged`.
    """
    if not block.strip():
        raise RuleError("empty", _("Paste the cells first."), field="block")
    if len(block) > MOST_CHARACTERS:
        raise RuleError("too_large", _("This is too much to paste; hand the file in instead."), field="block")
    try:
        rows = list(csv.reader(io.StringIO(block, newline=""), delimiter="\t"))
    except csv.Error as error:
        message = _("These cells cannot be read; hand the file in instead.")
        raise RuleError("damaged", message, field="block") from error
    if max(map(len, rows)) > MOST_COLUMNS:
        raise RuleError("too_large", _("This is too much to paste; hand the file in instead."), field="block")
    return Sheet("", [[cell or None for cell in row] for row in rows])
