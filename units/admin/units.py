"""Units and their kinds in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units import scope, tree
from units.admin import importing
from units.models import Unit, UnitKind
from units.scoped_admin import ScopedModelAdmin, actor_of, reach_of


class OpenFilter(admin.SimpleListFilter):
    """Open today or closed."""

    title = _("open or closed")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("open")), ("no", _("closed or not yet open"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        if self.value() == "yes":
            return queryset.open_on(today)
        if self.value() == "no":
            return queryset.filter(Q(closed_on__lte=today) | Q(opened_on__gt=today))
        return queryset


@admin.register(Unit)
class UnitAdmin(ScopedModelAdmin):
    """The tree of units; a unit's place in it is fixed once it is planted."""

    change_list_template = "admin/units/unit/change_list.html"
    list_display = ("indented_name", "code", "kind", "parent", "n_students", "opened_on", "closed_on")
    list_display_links = ("indented_name",)
    list_filter = ("kind", OpenFilter)
    list_select_related = ("kind", "parent")
    search_fields = ("name", "code")
    sortable_by = ("indented_name", "code", "n_students")
    ordering = ("path",)
    autocomplete_fields = ("parent",)
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "parent", "path")}),
        (_("About the unit"), {"fields": ("authority", "place", "level")}),
        (_("Heads"), {"fields": ("n_staff", "n_party_members", "n_students", "counted_on")}),
        (_("Time"), {"fields": ("opened_on", "closed_on")}),
    )

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        return rows.filter(reach_of(request, scope.OVERSEE).condition("path"))

    def unit_of(self, row: Unit) -> Unit:
        return row

    def enter(self, row: Unit, request: HttpRequest) -> None:
        tree.plant(row, actor=actor_of(request))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("import/", wrap(importing.upload), name="units_unit_import"),
            path("import/<uuid:key>/", wrap(importing.preview), name="units_unit_import_preview"),
            path("import/<uuid:key>/confirm/", wrap(importing.confirm), name="units_unit_import_confirm"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the import to those who may."""
        may_import = actor_of(request).has_perm(importing.PERMISSION)
        url = reverse("admin:units_unit_import") if may_import else ""
        return super().changelist_view(request, {"import_url": url, **(extra_context or {})})

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        return ("path",) if obj is None else ("path", "parent")

    @admin.display(description=_("unit"), ordering="path")
    def indented_name(self, unit: Unit) -> str:
        """Return the name, set in by its depth in the tree."""
        return "\u3000" * (unit.depth - 1) + unit.name


@admin.register(UnitKind)
class UnitKindAdmin(ScopedModelAdmin):
    """The kinds that the bureau distinguishes; a code stays what it is."""

    list_display = ("name", "name_en", "code", "is_reporting", "position")
    search_fields = ("name", "name_en", "code")
    ordering = ("position", "code")

    def get_readonly_fields(self, request: HttpRequest, obj: UnitKind | None = None) -> tuple[str, ...]:
        return () if obj is None else ("code",)
