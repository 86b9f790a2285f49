"""The audit trail in the admin: the auditor reads it and nobody changes it."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from units import origin
from units.admin import trail_export
from units.admin.trail_filters import (
    AddressFilter,
    ObjectFilter,
    PersonFilter,
    SinceFilter,
    UnitFilter,
    UntilFilter,
)
from units.models import AuditAlert, AuditEntry
from units.scoped_admin import ReadOnlyModelAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyModelAdmin):
    """Every deed, latest first."""

    list_display = ("at", "actor_name", "deed", "object_kind", "object_name", "unit", "address", "way")
    list_filter = (
        "deed",
        PersonFilter,
        UnitFilter,
        ObjectFilter,
        SinceFilter,
        UntilFilter,
        AddressFilter,
    )
    list_select_related = ("unit",)
    search_fields = ("object_name", "=object_id")
    sortable_by = ()
    ordering = ("-id",)
    has_history = False
    fields = ("at", "actor", "actor_name", "deed", "unit", "object_type", "object_id", "object_name")
    readonly_fields = ("way", "all_changes")

    def get_fields(self, request: object, obj: object = None) -> tuple[str, ...]:
        return (*self.fields, "address", "way", "all_changes")

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="units_auditentry_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Show what the file will hold; by POST, hand it out."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).queryset
        form = trail_export.ExportForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return trail_export.handed_out(request, rows, form.cleaned_data["format"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export"),
            "subtitle": None,
            "opts": self.opts,
            "columns": trail_export.TrailResource().get_export_headers(),
            "filters": request.GET.urlencode(),
            "most": trail_export.MAX_ROWS,
        }
        return TemplateResponse(request, "admin/units/auditentry/export.html", context)

    @admin.display(description=_("kind of object"))
    def object_kind(self, entry: AuditEntry) -> str:
        """Return the kind of the object as people say it; one that no longer exists as it is stored."""
        try:
            return str(apps.get_model(entry.object_type)._meta.verbose_name)
        except (LookupError, ValueError):
            return entry.object_type

    @admin.display(description=_("channel"))
    def way(self, entry: AuditEntry) -> str:
        """Return the channel as people say it; a deed of Python itself came by none."""
        return origin.in_words(entry.channel) or "—"

    @admin.display(description=_("changes"))
    def all_changes(self, entry: AuditEntry) -> str:
        """Return the changes as they are stored, one per line."""
        return "\n".join(
            f"{name}: {json.dumps(was, ensure_ascii=False)}" for name, was in entry.changes.items()
        )


@admin.register(AuditAlert)
class AuditAlertAdmin(ReadOnlyModelAdmin):
    """What the trail gave reason to look at, latest first."""

    list_display = ("at", "rule", "actor", "entry_id")
    list_filter = ("rule",)
    list_select_related = ("actor",)
    sortable_by = ()
    ordering = ("-id",)
    has_history = False
    fields = ("at", "rule", "actor", "entry_id")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields
