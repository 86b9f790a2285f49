"""Make a text safe as a cell of a spreadsheet; every export goes through here, once.

A program that opens the file must not take a text for a formula. Excel, WPS and LibreOffice do so for
`=`, and for `+ - @` in CSV; leading blanks are trimmed before they look, and Chinese input methods
write the full-width forms, which some of them fold. A text that begins so gets an apostrophe in front,
which the reader sees. Numbers are no text and stay numbers.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

Cell = str | int | Decimal | dt.date | None

# What XML 1.0 forbids (a workbook would not open), and what hides in a text without a shape.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Blanks of any kind, also those without width, in front of a sign that begins a formula.
FORMULA = re.compile(
    r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫−]"
)
FIRST = ("\t", "\r", "\n", "\x00")


def safe(value: Cell) -> Cell:
    """Return the value as a cell may hold it; only texts ever change."""
    return safe_text(value) if isinstance(value, str) else value


def safe_text(text: str) -> str:
    """Return the text without forbidden characters, behind an apostrophe where it looks like a formula."""
    clean = FORBIDDEN.sub("", text)
    return f"'{clean}" if text.startswith(FIRST) or FORMULA.match(clean) else clean


def plain(text: str) -> str:
    """Return what `safe_text` made safe as it was before: an export that comes back says what it said."""
    bare = text.removeprefix("'")
    return bare if bare != text and safe_text(bare) == text else text
