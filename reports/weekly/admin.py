"""Owed and filed weekly reports in the admin, for looking only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.campaigns.current import current
from reports.campaigns.models import Period
from reports.weekly.models import WeeklyReport
from units import scope
from units.scoped_admin import ReadOnlyModelAdmin, reach_of


class FiledFilter(admin.SimpleListFilter):
    """Filed or still owed."""

    title = _("filed or owed")
    parameter_name = "filed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("filed")), ("zero", _("zero report")), ("no", _("still owed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.filed()
        if self.value() == "zero":
            return queryset.filter(is_zero=True)
        return queryset.open() if self.value() == "no" else queryset


class PeriodFilter(admin.SimpleListFilter):
    """The week of the campaign on screen, the latest first."""

    title = _("week")
    parameter_name = "week"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        weeks = Period.objects.weekly().filter(campaign=current(request), starts_on__lte=timezone.localdate())
        return [(str(week.pk), f"{week} · {week.starts_on:%m-%d}") for week in weeks.order_by("-number")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(period=self.value()) if self.value() in known else queryset


@admin.register(WeeklyReport)
class WeeklyReportAdmin(ReadOnlyModelAdmin):
    """What each unit in reach owes and has filed."""

    list_display = ("unit", "period", "standing", "filed_by", "filed_at")
    list_filter = (FiledFilter, PeriodFilter)
    list_select_related = ("unit", "period", "filed_by")
    search_fields = ("unit__name",)
    sortable_by = ("filed_at",)
    ordering = ("-period__starts_on", "unit__path")
    fields = ("unit", "period", "standing", "is_zero", "progress", "plan", "reason", "filed_by", "filed_at")
    readonly_fields = ("standing",)
    has_history = False

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        reach = reach_of(request, scope.REVIEW, scope.OVERSEE)
        return rows.filter(reach.condition("unit__path"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not reach_of(request, scope.REVIEW, scope.OVERSEE).is_empty

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=_("standing"))
    def standing(self, report: WeeklyReport) -> str:
        """Return how the report stands now."""
        return str(report.standing(timezone.now()).label)
