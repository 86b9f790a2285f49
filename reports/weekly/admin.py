"""Weekly reports in the admin: the reviewers' queue with its pages, and the ready-made reasons."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.weekly import review_many_pages, review_pages
from reports.weekly.models import ReadyReason, WeeklyReport
from reports.weekly.review_filters import WAITING, KindFilter, PeriodFilter, StandsFilter
from units import scope
from units.scoped_admin import ReadOnlyModelAdmin, ScopedModelAdmin, reach_of


@admin.register(WeeklyReport)
class WeeklyReportAdmin(ReadOnlyModelAdmin):
    """What each unit in reach owes and has filed; nothing is written here except reviewers' decisions."""

    list_display = ("unit", "period", "standing", "due_at", "filed_by", "filed_at", "request")
    list_filter = (StandsFilter, PeriodFilter, KindFilter)
    list_select_related = ("unit", "period__campaign", "filed_by", "asked_by")
    search_fields = ("unit__name",)
    sortable_by = ("filed_at", "due_at")
    ordering = ("-period__starts_on", "unit__path")
    actions = ("accept", "send_back", "extend")
    has_history = False

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        reach = reach_of(request, scope.REVIEW, scope.OVERSEE)
        within = WeeklyReport.objects.filter(reach.condition("unit__path"))
        return within.with_people()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not reach_of(request, scope.REVIEW, scope.OVERSEE).is_empty

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Say whether the person reviews any unit."""
        return not reach_of(request, scope.REVIEW).is_empty

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Show the queue with what has waited longest on top, everything else by week and unit."""
        is_queue = request.GET.get("stands", WAITING) == WAITING and self.has_review_permission(request)
        return ("filed_at", "pk") if is_queue else self.ordering

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "weekly_weeklyreport_%s"
        own = [
            path("<int:pk>/decide/<slug:verb>/", wrap(self.decide_view), name=name % "decide"),
            path("decide/<slug:verb>/", wrap(self.decide_many_view), name=name % "decide_many"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one report with its rounds, and the decisions that are open."""
        # Nothing is saved here; each decision has an address of its own.
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        report = self.get_object(request, object_id)
        if report is None:
            raise Http404
        return review_pages.report_page(self, request, report)

    def decide_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Take the decision on one report."""
        return review_pages.decide(self, request, pk, verb)

    def decide_many_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        """Take the decision on the reports that the confirmation page showed."""
        return review_many_pages.decide_many(self, request, verb)

    @admin.action(description=_("Accept"), permissions=["review"])
    def accept(self, request: HttpRequest, rows: Any) -> HttpResponse:
        """Ask whether to accept what was chosen."""
        return review_many_pages.confirm(self, request, "accept", rows)

    @admin.action(description=_("Return"), permissions=["review"])
    def send_back(self, request: HttpRequest, rows: Any) -> HttpResponse:
        """Ask why to return what was chosen."""
        return review_many_pages.confirm(self, request, "return", rows)

    @admin.action(description=_("Give more time"), permissions=["review"])
    def extend(self, request: HttpRequest, rows: Any) -> HttpResponse:
        """Ask until when what was chosen has time."""
        return review_many_pages.confirm(self, request, "extend", rows)

    @admin.display(description=_("standing"))
    def standing(self, report: WeeklyReport) -> str:
        """Return how the report stands now, and whether its signature is missing."""
        words = [str(report.standing(timezone.now()).label)]
        if report.waits_for_signature:
            words.append(str(_("waiting for signature")))
        return " · ".join(words)

    @admin.display(description=_("asks for more time"), ordering="asked_at")
    def request(self, report: WeeklyReport) -> str | None:
        """Return who asks for more time; None where nobody does."""
        return str(report.asked_by) if report.asked_at is not None else None


@admin.register(ReadyReason)
class ReadyReasonAdmin(ScopedModelAdmin):
    """The ready-made reasons for zero reports and returns; one that is offered no more is retired."""

    list_display = ("text", "purpose", "position", "is_retired")
    list_filter = ("purpose", "is_retired")
    search_fields = ("text",)
    ordering = ("purpose", "position", "id")
