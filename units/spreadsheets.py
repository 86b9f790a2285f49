"""The kinds of file that an export writes; each takes a data set of cells that are safe already."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from import_export.formats import base_formats

from units.cells import Cell


class Workbook(base_formats.XLSX):  # type: ignore[misc]
    """An Excel workbook."""

    CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def get_title(self) -> str:
        return "xlsx"


class Table(base_formats.CSV):  # type: ignore[misc]
    """Comma-separated values."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def get_title(self) -> str:
        return "csv"


MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    ' manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


class OpenDocument(base_formats.Format):  # type: ignore[misc]
    """An OpenDocument sheet, written by ourselves: the library for it has not been kept since 2020."""

    CONTENT_TYPE = MIMETYPE

    def get_title(self) -> str:
        return "ods"

    def is_binary(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def get_extension(self) -> str:
        return "ods"

    def get_content_type(self) -> str:
        return self.CONTENT_TYPE

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        """Return the bytes of a document with one sheet: the headings and the rows."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
            # First and not packed: by it other programs know what the file is.
            parts.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE, zipfile.ZIP_STORED)
            parts.writestr("META-INF/manifest.xml", MANIFEST)
            content = "".join(_content(dataset.title or "1", [dataset.headers, *dataset]))
            parts.writestr("content.xml", content)
        return file.getvalue()


def _content(title: str, rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Yield the document piece by piece."""
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES} office:version="1.3">'
    name = escape(title, {'"': "&quot;"})
    yield f'<office:body><office:spreadsheet><table:table table:name="{name}">'
    for row in rows:
        yield "<table:table-row>"
        yield from (_cell(value) for value in row)
        yield "</table:table-row>"
    yield "</table:table></office:spreadsheet></office:body></office:document-content>"


def _cell(value: Cell) -> str:
    """Return one cell: a number, a day, a text, or nothing."""
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, int | Decimal):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    lines = str(value).split("\n")
    return (
        f"<table:table-cell {kind}>"
        + "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
        + "</table:table-cell>"
    )
