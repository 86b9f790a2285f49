"""Units and their kinds in the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units import lifecycle, scope, tree
from units.admin import importing, moving
from units.admin.exporting import UnitExport
from units.models import Unit, UnitKind
from units.querysets import UnitQuerySet
from units.scoped_admin import ScopedModelAdmin, actor_of, reach_of
from units.texts import tidy_line

TEXTS = {"code", "name", "authority", "place", "level"}


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    """The facts of a unit; a text keeps nothing that turns or hides what is read."""

    def clean(self) -> dict[str, Any]:
        """Tidy the texts, and ask for the day of new head-counts."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in TEXTS & cleaned.keys():
            cleaned[name] = tidy_line(cleaned[name])
        for name in ("code", "name"):
            if name in cleaned and not cleaned[name]:
                self.add_error(name, _("This holds no character that can be read; write it anew."))
        counted = lifecycle.HEADS & set(self.changed_data)
        if any(cleaned.get(name) is not None for name in counted) and not cleaned.get("counted_on"):
            self.add_error("counted_on", _("Say on which day the heads were counted."))
        return cleaned


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
class UnitAdmin(UnitExport, ScopedModelAdmin):
    """The tree of units; a unit's place in it is fixed once it is planted."""

    change_list_template = "admin/units/unit/change_list.html"
    list_display = ("indented_name", "code", "kind", "parent", "n_students", "opened_on", "closed_on")
    list_display_links = ("indented_name",)
    list_filter = ("kind", OpenFilter)
    list_select_related = ("kind", "parent")
    search_fields = ("name", "code", "initials")
    search_help_text = _("Name, code or pinyin initials")
    sortable_by = ("indented_name", "code", "n_students")
    ordering = ("path",)
    autocomplete_fields = ("parent",)
    change_form_template = "admin/units/unit/change_form.html"
    form = UnitForm
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "parent", "path")}),
        (_("About the unit"), {"fields": ("authority", "place", "level")}),
        (_("Heads"), {"fields": ("n_staff", "n_party_members", "n_students", "counted_on")}),
        (_("Time"), {"fields": ("opened_on", "closed_on", "merged_into")}),
    )

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        return rows.filter(reach_of(request, scope.OVERSEE).condition("path"))

    def unit_of(self, row: Unit) -> Unit:
        return row

    def enter(self, row: Unit, request: HttpRequest) -> None:
        tree.plant(row, actor=actor_of(request))

    def amend(self, row: Unit, fields: Iterable[str], request: HttpRequest) -> None:
        lifecycle.amend(row, fields, actor=actor_of(request))

    def get_form(
        self, request: HttpRequest, obj: Unit | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Ask for a parent of those who do not manage the top of the tree."""
        form = super().get_form(request, obj, change, **kwargs)
        if "parent" in form.base_fields:
            form.base_fields["parent"].required = not reach_of(request, scope.OVERSEE).is_everything
        return form

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Search as the portal's page does."""
        found: UnitQuerySet = queryset  # type: ignore[assignment]
        return found.matching(tidy_line(search_term)), False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/move/", wrap(moving.move), name="units_unit_move"),
            path("<int:pk>/close/", wrap(moving.close), name="units_unit_close"),
            path("<int:pk>/reopen/", wrap(moving.reopen), name="units_unit_reopen"),
            path("import/", wrap(importing.upload), name="units_unit_import"),
            path("import/template/", wrap(importing.template), name="units_unit_import_template"),
            path("import/<uuid:key>/", wrap(importing.preview), name="units_unit_import_preview"),
            path("import/<uuid:key>/confirm/", wrap(importing.confirm), name="units_unit_import_confirm"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the import to those who may."""
        own = {
            "import_url": reverse("admin:units_unit_import") if importing.may_import(request) else "",
            "export_url": reverse("admin:units_unit_export") if self.has_export_permission(request) else "",
        }
        return super().changelist_view(request, {**own, **(extra_context or {})})

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> tuple[str, ...]:
        fixed = ("path", "closed_on", "merged_into")
        return fixed if obj is None else (*fixed, "parent")

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
