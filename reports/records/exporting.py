"""The admin's export of records: the list as it is filtered and as far as the person reaches, audited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin

from reports.campaigns.current import current
from reports.campaigns.models import Period
from reports.records.admin_filters import WeekFilter
from reports.records.querysets import RecordQuerySet
from reports.records.resources import RecordResource
from units import audit, scope
from units.models import Deed
from units.scoped_admin import ScopedModelAdmin, actor_of, reach_of
from units.spreadsheets import Table, Workbook

if TYPE_CHECKING:

    class Base(ScopedModelAdmin):
        """What the library's mixin adds, for the type checker, which does not read it."""

        def get_data_for_export(self, request: HttpRequest, queryset: RecordQuerySet, **kwargs: Any) -> Any:
            """Return the rows as a data set."""
else:
    Base = ExportMixin

# A workbook of this many rows takes the web server about 20 seconds.
MAX_ROWS = 100_000
FORMATS: dict[str, Any] = {"xlsx": Workbook, "csv": Table}
EXPORT = "records.export_activityrecord"


class ExportForm(forms.Form):
    """The kind of file that is asked for."""

    format = forms.ChoiceField(choices=[(name, name) for name in FORMATS])


class RecordExport(Base):
    """Adds the export page to the records' admin."""

    import_export_change_list_template = None
    resource_classes = [RecordResource]
    # With the mark in front by which Excel knows that a csv is UTF-8.
    to_encoding = "utf-8-sig"

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Allow reviewers, as far as they review, and whoever may export everything."""
        user = actor_of(request)
        return user.has_perm(EXPORT) or not reach_of(request, scope.REVIEW).is_empty

    def get_export_queryset(self, request: HttpRequest) -> RecordQuerySet:
        """Return the list as it is filtered, without the units that the person only oversees."""
        rows: RecordQuerySet = super().get_export_queryset(request)  # type: ignore[misc]
        if not request.user.has_perm(EXPORT):
            rows = rows.filter(reach_of(request, scope.REVIEW).condition("unit__path"))
        return rows.with_names().prefetch_related(None)

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Hand the rows to the resource, which looks up which numbers they can have."""
        return {"rows": kwargs.get("rows")}

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Show what will be exported; by POST, hand out the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        rows, form = self.get_export_queryset(request), ExportForm(request.POST or None)
        n_rows = rows.count()
        if n_rows > MAX_ROWS:
            note = _(
                "%(count)d records are too many for one file; narrow the list down, to a week for example."
            )
            self.message_user(request, note % {"count": n_rows}, messages.ERROR)
            return redirect(f"../?{request.GET.urlencode()}")
        if request.method == "POST" and form.is_valid():
            return self._file(request, rows, form.cleaned_data["format"])
        columns = RecordResource(rows).get_export_headers()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export"),
            "subtitle": None,
            "opts": self.opts,
            "columns": columns,
            "n_rows": n_rows,
            "filters": request.GET.urlencode(),
        }
        return TemplateResponse(request, "admin/records/activityrecord/export.html", context)

    @transaction.atomic
    def _file(self, request: HttpRequest, rows: RecordQuerySet, name: str) -> HttpResponse:
        """Return the file and write down who took how many rows of what; no audit, no file."""
        file_format = FORMATS[name]()
        data = self.get_data_for_export(request, rows, rows=rows, force_native_type=name == "xlsx")
        data.title = str(self.opts.verbose_name_plural)[:31]
        asked = {key: request.GET.getlist(key) for key in request.GET}
        changes = {"format": name, "n_rows": len(data), "filter": asked}
        audit.record(Deed.EXPORT, actor=actor_of(request), changes=changes)
        content = file_format.export_data(data)
        if isinstance(content, str):
            content = content.encode(self.to_encoding)
        response = HttpResponse(content, content_type=file_format.get_content_type())
        response["Content-Disposition"] = content_disposition_header(True, _file_name(request, name))
        response["Cache-Control"] = "no-store"
        return response


def _file_name(request: HttpRequest, extension: str) -> str:
    """Return “campaign-week-day.xlsx” in the person's language, without what file systems refuse."""
    asked = request.GET.get(WeekFilter.parameter_name, "")
    week = Period.objects.filter(pk=int(asked)).first() if re.fullmatch(r"[0-9]{1,9}", asked) else None
    campaign = week.campaign if week else current(request)
    parts = [campaign, _("activity records"), week, timezone.localdate().isoformat()]
    name = "-".join(str(part) for part in parts if part)
    return re.sub(r'[\s\\/:*?"<>|\x00-\x1f]+', "_", name)[:120] + f".{extension}"
