"""The process that opens a foreign file: little memory, little time, no Django, no secrets.

Reads the file from standard input and writes one JSON object to standard output: `{"sheets": [...]}` with
rows of cells, or `{"error": code, "what": limit}`. Started by `reading.read` alone.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from units.workbooks.guard import check_zip
from units.workbooks.limits import CPU_SECONDS, MAX_ROWS, MEMORY_BYTES, Refusal, check_size
from units.workbooks.passwords import is_protected

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCODINGS = ("utf-8-sig", "gb18030")
# Control characters that no text file holds; a tab and line ends are fine.
BINARY = {chr(number) for number in range(32)} - set("\t\r\n\f")

Shape = dict[str, object]


def confine() -> None:
    """Give up processor time and memory beyond the limits, and core files altogether."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # macOS knows the name and refuses the limit.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def read(content: bytes) -> list[Shape]:
    """Return the visible sheets of a workbook or a csv file, told apart by what they hold.

    Raises: Refusal.
    """
    if content.startswith(b"PK"):
        return _read_zip(content)
    if content.startswith(OLE):
        return _read_workbook(content)
    return [{"name": "", "rows": list(_read_text(content))}]


def _read_zip(content: bytes) -> list[Shape]:
    """Guard a zipped workbook, then read it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            check_zip(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refusal("damaged") from error
    return _read_workbook(content)


def _read_workbook(content: bytes) -> list[Shape]:
    """Read every visible sheet with calamine, which follows no link and expands no entity."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            _sheet(book, sheet.name)
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    except CalamineError as error:
        # From memory calamine tries one format after the other, and forgets that it was the password.
        is_locked = isinstance(error, PasswordError) or is_protected(content)
        raise Refusal("password" if is_locked else "damaged") from error


def _sheet(book: CalamineWorkbook, name: str) -> Shape:
    """Return one sheet from its first cell on, so that positions are those that the person sees."""
    sheet = book.get_sheet_by_name(name)
    if sheet.end is None:
        return {"name": name, "rows": []}
    check_size(rows=sheet.end[0] + 1, columns=sheet.end[1] + 1)
    rows = sheet.to_python(skip_empty_area=False)
    return {"name": name, "rows": [[_cell(value) for value in row] for row in rows]}


def _cell(value: object) -> object:
    """Return a value as JSON holds it; days and moments as ["d", …], ["m", …], hours as text."""
    if isinstance(value, dt.datetime):
        return ["m", value.isoformat()]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    return value


def _read_text(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a csv file.

    Raises: Refusal `not_a_workbook`, `unsupported`, `too_large`, `damaged`.
    """
    text = _decode(content)
    if text.lstrip()[:1] == "<":
        # A web page or an XML file under the name of a workbook, as old systems export them.
        raise Refusal("unsupported")
    columns = 0
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1
        ):
            columns = max(columns, len(row))
            check_size(rows=min(number, MAX_ROWS + 1), columns=columns)
            yield row
    except csv.Error as error:
        raise Refusal("damaged") from error


def _decode(content: bytes) -> str:
    """Return the text of a csv file in UTF-8 (with or without its mark), UTF-16 with its mark or GB18030."""
    encodings = ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if BINARY.isdisjoint(text):
            return text
    raise Refusal("not_a_workbook")


def _delimiter(text: str) -> str:
    """Return the most frequent of comma, tab and semicolon in the first lines."""
    beginning = "".join(io.StringIO(text).readlines(20_000)[:20])
    return max(",\t;", key=beginning.count)


def main() -> None:
    """Read, and answer in JSON whatever happens."""
    confine()
    try:
        answer: Shape = {"sheets": read(sys.stdin.buffer.read())}
    except Refusal as refusal:
        answer = {"error": refusal.code, "what": refusal.what}
    except MemoryError:
        answer = {"error": "too_large", "what": "memory"}
    json.dump(answer, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
