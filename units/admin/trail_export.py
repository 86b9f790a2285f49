"""The auditor's export of the trail: the list as it is filtered, row by row, and written down itself."""

from __future__ import annotations

import csv
import datetime as dt
import json
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.resources import ModelResource
from openpyxl import Workbook

from units import audit
from units.cells import Cell, safe, safe_text
from units.models import AuditEntry, Deed
from units.scoped_admin import actor_of

# Of a workbook, openpyxl writes some 5,000 rows a second; a table has no end of its own.
MAX_ROWS = {"xlsx": 50_000, "csv": 1_000_000}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 2000
LONGEST_CELL = 32_000
COLUMNS: tuple[tuple[str | Promise, Callable[[AuditEntry], Cell]], ...] = (
    (gettext_lazy("row"), lambda entry: entry.pk),
    (gettext_lazy("moment (UTC)"), lambda entry: entry.at.astimezone(dt.UTC).isoformat()),
    (gettext_lazy("person"), lambda entry: entry.actor_name),
    (gettext_lazy("person's number"), lambda entry: entry.actor_id),
    (gettext_lazy("deed"), lambda entry: entry.get_deed_display()),
    (gettext_lazy("unit"), lambda entry: str(entry.unit) if entry.unit else ""),
    (gettext_lazy("kind of object"), lambda entry: entry.object_type),
    (gettext_lazy("object number"), lambda entry: entry.object_id),
    (gettext_lazy("object"), lambda entry: entry.object_name),
    (gettext_lazy("changes"), lambda entry: json.dumps(entry.changes, ensure_ascii=False)[:LONGEST_CELL]),
    (gettext_lazy("address"), lambda entry: entry.address or ""),
    (gettext_lazy("channel"), lambda entry: entry.channel),
)


class ExportForm(forms.Form):
    """The kind of file that is asked for."""

    format = forms.ChoiceField(choices=[(name, name) for name in MAX_ROWS])


class TrailResource(ModelResource):  # type: ignore[misc]
    """The rows of an export; nothing is ever imported through it."""

    class Meta:
        model = AuditEntry
        fields = ()

    def get_import_fields(self) -> list[Any]:
        """Return none: the trail takes no rows from files."""
        return []

    def get_export_headers(self, selected_fields: Any = None) -> list[str]:
        return [safe_text(str(heading)) for heading, _read in COLUMNS]

    def export_resource(self, instance: AuditEntry, selected_fields: Any = None, **kwargs: Any) -> list[Cell]:
        """Return one row; every text in it is safe, whatever the format."""
        return [safe(read(instance)) for _heading, read in COLUMNS]


def handed_out(request: HttpRequest, rows: models.QuerySet[AuditEntry], name: str) -> HttpResponseBase:
    """Return the file once it is written down who takes how many rows; no audit, no file.

    Memory stays flat: rows are read and written 2,000 at a time.
    """
    n_rows = rows.order_by()[: MAX_ROWS[name] + 1].count()
    if n_rows > MAX_ROWS[name]:
        note = _("These are more than %(count)d rows; narrow the list down, to a month for example.")
        messages.error(request, note % {"count": MAX_ROWS[name]})
        return HttpResponseRedirect(f"../?{request.GET.urlencode()}")
    asked = {key: request.GET.getlist(key) for key in request.GET}
    with transaction.atomic():
        changes = {"format": name, "n_rows": n_rows, "filter": asked, "of": AuditEntry._meta.label_lower}
        last = audit.record(Deed.EXPORT, actor=actor_of(request), changes=changes).pk
    lines = _lines(rows.filter(pk__lt=last))
    response: HttpResponseBase
    if name == "csv":
        response = StreamingHttpResponse(_as_csv(lines), content_type="text/csv; charset=utf-8")
    else:
        response = FileResponse(_as_workbook(lines), content_type=WORKBOOK)
    file_name = f"audit-{timezone.localdate().isoformat()}.{name}"
    response["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    return response


def _lines(rows: models.QuerySet[AuditEntry]) -> Iterator[list[Cell]]:
    """Yield the heading and each row, latest first; 2,000 at a time by number, in no long transaction."""
    resource, last = TrailResource(), None
    yield [*resource.get_export_headers()]
    while True:
        older = rows if last is None else rows.filter(pk__lt=last)
        chunk = list(older.order_by("-pk").select_related("unit")[:CHUNK])
        yield from (resource.export_resource(entry) for entry in chunk)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk


class _Echo:
    """What csv writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def _as_csv(lines: Iterator[list[Cell]]) -> Iterator[str]:
    """Yield the table, with the mark in front by which Excel knows UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield from (writer.writerow(line) for line in lines)


def _as_workbook(lines: Iterator[list[Cell]]) -> IO[bytes]:
    """Return the workbook as a file that vanishes when it is closed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("audit")
    for line in lines:
        sheet.append(line)
    file = tempfile.TemporaryFile()  # noqa: SIM115 – the response closes it
    book.save(file)
    file.seek(0)
    return file
