"""Look through a zipped workbook before any reader does: what it would unpack to, and how far it reaches.

A file of 1.6 kB with one cell at XFD1048576 hangs a reader for minutes. Every part is unpacked under a
running limit (the sizes that the zip declares may be forged) and measured by cell reference.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator

from units.workbooks.limits import MAX_ENTRIES, MAX_UNPACKED_BYTES, Refusal, check_size

# Attributes may hold ">" between quotes. Comments and CDATA come first, so that a tag inside them is none.
ATTRIBUTES = rb"(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)"
SKIPPED = rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|"
XLSX_TAG = re.compile(SKIPPED + rb"<(?:[\w.-]+:)?(?P<tag>row|c)(?=[\s/>])" + ATTRIBUTES + rb">", re.DOTALL)
ODS_TAG = re.compile(
    SKIPPED
    + rb"<(?:[\w.-]+:)?(?P<tag>table|table-row|(?:covered-)?table-cell)(?=[\s/>])"
    + ATTRIBUTES
    + rb">",
    re.DOTALL,
)
POSITION = re.compile(rb"(?:^|\s)r\s*=\s*[\"']\s*([A-Za-z]*)(\d*)\s*[\"']")
REPEATED = re.compile(rb"number-(?:rows|columns)-repeated\s*=\s*[\"']\s*(\d+)\s*[\"']")
XLSX_KIND = re.compile(r"xl/.*\.(xml|bin)", re.IGNORECASE)
FURTHEST = 10_000_000


def check_zip(file: zipfile.ZipFile) -> str:
    """Return "xlsx" or "ods" for a zipped workbook that may be read.

    Raises: Refusal `password`, `not_a_workbook`, `unsupported`, `unsafe`, `damaged`, `too_large`.
    """
    entries = file.infolist()
    if len(entries) > MAX_ENTRIES:
        raise Refusal("too_large", "entries")
    kind = _kind({entry.filename for entry in entries})
    room = MAX_UNPACKED_BYTES
    for entry in entries:
        content = _unpack(file, entry, room)
        room -= len(content)
        if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
            _check_part(content, kind)
        elif content[:2] in {b"\xff\xfe", b"\xfe\xff"} and entry.filename.lower().endswith(".xml"):
            raise Refusal("unsupported")
    return kind


def _kind(names: set[str]) -> str:
    """Tell a workbook by its parts, whatever the file is called."""
    if "content.xml" in names:
        return "ods"
    parts = [name for name in names if XLSX_KIND.match(name.replace("\\", "/"))]
    if any(name.lower().endswith("workbook.bin") for name in parts):
        raise Refusal("unsupported")
    if not parts:
        raise Refusal("not_a_workbook")
    return "xlsx"


def _unpack(file: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Return one part, reading no more than `room` bytes whatever the zip declares."""
    if entry.flag_bits & 1:
        raise Refusal("password")
    try:
        with file.open(entry) as part:
            content = part.read(room + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Refusal("damaged") from error
    if len(content) > room:
        raise Refusal("too_large", "unpacked")
    return content


def _check_part(content: bytes, kind: str) -> None:
    """Refuse a part with a document type (entity bombs, foreign entities) or with a sheet too large."""
    if b"<!DOCTYPE" in content:
        raise Refusal("unsafe")
    if kind == "ods" and b"table-row" in content:
        _measure(_ods_cells(content))
    elif kind == "xlsx" and b"sheetData" in content:
        _measure(_xlsx_cells(content))


def _measure(cells: Iterator[tuple[int, int]]) -> None:
    """Refuse the sheet as soon as the cells seen so far span too much."""
    rows = columns = 0
    for row, column in cells:
        if row > rows or column > columns:
            rows, columns = max(row, rows), max(column, columns)
            check_size(rows=rows, columns=columns)


def _xlsx_cells(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield (row, column), from 1, of every cell that is not empty.

    A row or a cell without a reference follows the one before it; a self-closed cell is formatting only.
    """
    row = column = 0
    for match in XLSX_TAG.finditer(content):
        if match["tag"] is None:
            continue
        position = POSITION.search(match["attributes"])
        if match["tag"] == b"row":
            row, column = (_number(position[2]) if position else row + 1), 0
            continue
        column = _column(position[1]) if position and position[1] else column + 1
        row = _number(position[2]) if position and position[2] else row
        if column > FURTHEST or not match["attributes"].endswith(b"/"):
            yield row, column


def _ods_cells(content: bytes) -> Iterator[tuple[int, int]]:
    """Yield (row, column), from 1, of the last of every run of cells that is not empty."""
    row = column = row_repeats = 0
    for match in ODS_TAG.finditer(content):
        if match["tag"] is None:
            continue
        repeated = REPEATED.search(match["attributes"])
        times = _number(repeated[1]) if repeated else 1
        if match["tag"] == b"table":
            row = column = row_repeats = 0
        elif match["tag"] == b"table-row":
            row, column, row_repeats = row + row_repeats, 0, times
        else:
            column += times
            if b"value-type" in match["attributes"] or b"formula" in match["attributes"]:
                yield row + row_repeats, column


def _number(digits: bytes) -> int:
    """Return a number of an attribute; one of absurd length is simply far too large."""
    return int(digits) if len(digits) < 10 else FURTHEST


def _column(letters: bytes) -> int:
    """Return the number of the column named by letters: A is 1, XFD is 16,384."""
    if len(letters) > 4:
        return FURTHEST
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
