"""Records in the admin: the review queue with its pages, and the reasons for a return."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from reports.records.event_admin import JointEventAdmin
from reports.records.exporting import RecordExport
from reports.records.models import ActivityRecord, ReturnReason
from reports.records.queue import many_pages, record_pages
from units import scope
from units.scoped_admin import ReadOnlyModelAdmin, ScopedModelAdmin, reach_of

__all__ = ["ActivityRecordAdmin", "JointEventAdmin"]


@admin.register(ActivityRecord)
class ActivityRecordAdmin(RecordExport, ReadOnlyModelAdmin):
    """Records as the reviewers see them; nothing is written here except their decisions."""

    search_fields = ("unit__name", "title")
    has_history = False

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        reach = reach_of(request, scope.REVIEW, scope.OVERSEE)
        seen = ActivityRecord.objects.overseen_within(reach).with_names()
        return seen.select_related("endorsed_by", "assigned_to").with_indicators()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not reach_of(request, scope.REVIEW, scope.OVERSEE).is_empty

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Say whether the person reviews any unit."""
        return not reach_of(request, scope.REVIEW).is_empty

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, "records_activityrecord_%s"
        own = [
            path("<int:pk>/decide/<slug:verb>/", wrap(self.decide_view), name=name % "decide"),
            path("<int:pk>/assign/", wrap(self.assign_view), name=name % "assign"),
            path("confirm/<slug:verb>/", wrap(self.confirm_view), name=name % "confirm"),
            path("decide/<slug:verb>/", wrap(self.decide_many_view), name=name % "decide_many"),
            path("assign/", wrap(self.assign_many_view), name=name % "assign_many"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the queue."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return record_pages.queue_page(self, request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one record with its rounds, and the decisions that are open, beside the queue."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        return record_pages.record_page(self, request, record)

    def decide_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Take the decision on one record."""
        return record_pages.decide(self, request, pk, verb)

    def assign_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hand one record to a colleague."""
        return record_pages.hand_over(self, request, pk)

    def confirm_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        """List what would be decided, and ask."""
        return many_pages.confirm(self, request, verb)

    def decide_many_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        """Take the decision on the records that the confirmation page showed."""
        return many_pages.decide_many(self, request, verb)

    def assign_many_view(self, request: HttpRequest) -> HttpResponse:
        """Hand the ticked records to a colleague."""
        return many_pages.hand_over_many(self, request)


@admin.register(ReturnReason)
class ReturnReasonAdmin(ScopedModelAdmin):
    """The ready-made reasons for a return; one that is offered no more is retired."""

    list_display = ("text", "position", "is_retired")
    list_filter = ("is_retired",)
    search_fields = ("text",)
    ordering = ("position", "id")
