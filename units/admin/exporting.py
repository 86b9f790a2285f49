"""The admin's export of units: the list as it is filtered and as far as the person reaches, audited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin

from units import audit
from units.models import Deed, Unit
from units.resources import UnitResource, headings
from units.scoped_admin import ScopedModelAdmin, actor_of
from units.spreadsheets import OpenDocument, Table, Workbook

if TYPE_CHECKING:

    class Base(ScopedModelAdmin):
        """What the library's mixin adds, for the type checker, which does not read it."""

        def get_data_for_export(
            self, request: HttpRequest, queryset: models.QuerySet[Unit], **kwargs: Any
        ) -> Any:
            """Return the rows as a data set."""
else:
    Base = ExportMixin

# A workbook of this many rows takes the web server about 20 seconds.
MAX_ROWS = 100_000
# Not xls: no library that is still kept writes it, and every program that reads it reads xlsx or csv.
FORMATS: dict[str, Any] = {"xlsx": Workbook, "ods": OpenDocument, "csv": Table}
EXPORT = "units.export_unit"


class ExportForm(forms.Form):
    """The kind of file that is asked for."""

    format = forms.ChoiceField(choices=[(name, name) for name in FORMATS])


class UnitExport(Base):
    """Adds the export page to the units' admin."""

    import_export_change_list_template = None
    resource_classes = [UnitResource]
    # With the mark in front by which Excel knows that a csv is UTF-8.
    to_encoding = "utf-8-sig"

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Allow whoever may export units, as far as they see them."""
        return actor_of(request).has_perm(EXPORT)

    def get_export_queryset(self, request: HttpRequest) -> models.QuerySet[Unit]:
        """Return the list as it is filtered."""
        rows: models.QuerySet[Unit] = super().get_export_queryset(request)  # type: ignore[misc]
        return rows.select_related("parent")

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Show what will be exported; by POST, hand out the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        rows, form = self.get_export_queryset(request), ExportForm(request.POST or None)
        n_rows = rows.count()
        if n_rows > MAX_ROWS:
            note = _(
                "%(count)d units are too many for one file; narrow the list down, to a kind for example."
            )
            self.message_user(request, note % {"count": n_rows}, messages.ERROR)
            return redirect(f"../?{request.GET.urlencode()}")
        if request.method == "POST" and form.is_valid():
            return self._file(request, rows, form.cleaned_data["format"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export"),
            "subtitle": None,
            "opts": self.opts,
            "columns": headings(),
            "n_rows": n_rows,
            "filters": request.GET.urlencode(),
        }
        return TemplateResponse(request, "admin/units/unit/export.html", context)

    @transaction.atomic
    def _file(self, request: HttpRequest, rows: models.QuerySet[Unit], name: str) -> HttpResponse:
        """Return the file and write down who took how many rows of what; no audit, no file."""
        file_format = FORMATS[name]()
        data = self.get_data_for_export(request, rows, force_native_type=name != "csv")
        data.title = str(self.opts.verbose_name_plural)[:31]
        asked = {key: request.GET.getlist(key) for key in request.GET}
        changes = {"format": name, "n_rows": len(data), "filter": asked}
        audit.record(Deed.EXPORT, actor=actor_of(request), changes=changes)
        content = file_format.export_data(data)
        if isinstance(content, str):
            content = content.encode(self.to_encoding)
        response = HttpResponse(content, content_type=file_format.get_content_type())
        stem = f"{self.opts.verbose_name_plural}-{timezone.localdate().isoformat()}"
        file_name = re.sub(r'[\s\\/:*?"<>|\x00-\x1f]+', "_", stem) + f".{name}"
        response["Content-Disposition"] = content_disposition_header(True, file_name)
        response["Cache-Control"] = "no-store"
        return response
