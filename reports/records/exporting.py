"""The admin's export of records: the list as it is filtered and as far as the person reaches, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin

from reports.campaigns.current import current
from reports.campaigns.models import Period
from reports.records.handing_out import (
    ENCODING,
    EXPORT,
    FORMATS,
    checked,
    file_name,
    response_of,
    takable,
)
from reports.records.querysets import RecordQuerySet
from reports.records.queue.asked import read
from reports.records.queue.listing import Viewer, rows_of
from reports.records.resources import RecordResource
from units import scope
from units.rules import RuleError
from units.scoped_admin import ScopedModelAdmin, actor_of, reach_of

if TYPE_CHECKING:

    class Base(ScopedModelAdmin):
        """What the library's mixin adds, for the type checker, which does not read it."""

        def get_data_for_export(self, request: HttpRequest, queryset: RecordQuerySet, **kwargs: Any) -> Any:
            """Return the rows as a data set."""
else:
    Base = ExportMixin


class ExportForm(forms.Form):
    """The kind of file that is asked for."""

    format = forms.ChoiceField(choices=[(name, name) for name in FORMATS])


class RecordExport(Base):
    """Adds the export page to the records' admin."""

    import_export_change_list_template = None
    resource_classes = [RecordResource]
    to_encoding = ENCODING

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Allow reviewers, as far as they review, and whoever may export everything."""
        user = actor_of(request)
        return user.has_perm(EXPORT) or not reach_of(request, scope.REVIEW).is_empty

    def get_export_queryset(self, request: HttpRequest) -> RecordQuerySet:
        """Return the list as it is filtered, without the units that the person only oversees."""
        viewer = Viewer(actor_of(request), reach_of(request, scope.REVIEW), _seen(request))
        rows = rows_of(read(request.GET.dict()), viewer)
        return takable(rows, actor_of(request), scope.REVIEW).with_names().prefetch_related(None)

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        """Hand the rows to the resource, which looks up which numbers they can have."""
        return {"rows": kwargs.get("rows")}

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Show what will be exported; by POST, hand out the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        rows, form = self.get_export_queryset(request), ExportForm(request.POST or None)
        try:
            n_rows = checked(rows.count())
        except RuleError as refused:
            self.message_user(request, str(refused.message), messages.ERROR)
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
        """Return the file, with its name and its row in the trail."""
        data = self.get_data_for_export(request, rows, rows=rows, force_native_type=name == "xlsx")
        data.title = str(self.opts.verbose_name_plural)[:31]
        asked = {key: request.GET.getlist(key) for key in request.GET}
        week = _week(request)
        called = file_name(week.campaign if week else current(request), week, name)
        return response_of(data, name, asked, called, actor=actor_of(request))


def _seen(request: HttpRequest) -> scope.Reach:
    """Return how far the person may read."""
    return reach_of(request, scope.REVIEW, scope.OVERSEE)


def _week(request: HttpRequest) -> Period | None:
    """Return the week that the list is narrowed down to."""
    week = read(request.GET.dict()).week
    found: Period | None = Period.objects.select_related("campaign").filter(pk=week).first() if week else None
    return found
