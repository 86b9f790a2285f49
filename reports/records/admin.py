"""The review queue in the admin: a list that opens on what waits, and a page on which to decide."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from reports.records import deciding
from reports.records.admin_filters import FILTERS, StatusFilter
from reports.records.exporting import RecordExport
from reports.records.models import ActivityRecord
from reports.records.numbers import numbers_of
from reports.records.reviewing import queue_of
from reports.records.states import Status, Verb
from units import scope
from units.scoped_admin import ReadOnlyModelAdmin, actor_of, reach_of


@admin.register(ActivityRecord)
class ActivityRecordAdmin(RecordExport, ReadOnlyModelAdmin):
    """Records as the reviewers see them; nothing is written here except their decisions."""

    change_list_template = "admin/records/activityrecord/change_list.html"
    list_display = ("unit", "activity_type", "link", "day", "numbers", "waiting_since")
    list_display_links = ("link",)
    list_filter = FILTERS
    search_fields = ("unit__name", "title")
    sortable_by = ("day", "waiting_since")
    actions = ("approve_selected", "return_selected")
    has_history = False

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        seen = ActivityRecord.objects.overseen_by(actor_of(request)).with_names()
        return seen.with_indicators()

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Say how long a record waits where all of them do, and how it stands everywhere else."""
        return self.list_display if _is_queue(request) else (*self.list_display[:-1], "status_sign")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Sort what waits by how long it has; everything else by day, the latest first."""
        return ("submitted_at", "id") if _is_queue(request) else ("-held_on", "-id")

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
            path("decide/<slug:verb>/", wrap(self.decide_many_view), name=name % "decide_many"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; to a reviewer with what waits in all."""
        n_waiting = queue_of(actor_of(request)).count() if self.has_review_permission(request) else None
        return super().changelist_view(request, {"n_waiting": n_waiting, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one record with its rounds, and the decisions that are open."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        return deciding.page(self, request, record)

    def decide_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Take the decision on one record."""
        return deciding.decide(self, request, pk, verb)

    def decide_many_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        """Take the decision on the records that the confirmation page showed."""
        return deciding.decide_many(self, request, verb)

    @admin.action(description=_("Approve the selected records"), permissions=["review"])
    def approve_selected(self, request: HttpRequest, queryset: Any) -> TemplateResponse:
        """List what would be approved, and ask."""
        return deciding.confirm(self, request, queryset, Verb.APPROVE)

    @admin.action(description=_("Return the selected records"), permissions=["review"])
    def return_selected(self, request: HttpRequest, queryset: Any) -> TemplateResponse:
        """List what would be returned, and ask for the reason."""
        return deciding.confirm(self, request, queryset, Verb.RETURN)

    @admin.display(description=_("title"))
    def link(self, record: ActivityRecord) -> str:
        """Return what the record is called."""
        return str(record)

    @admin.display(description=_("day"), ordering="held_on")
    def day(self, record: ActivityRecord) -> str:
        """Return the day in a form that lines up."""
        return record.held_on.isoformat()

    @admin.display(description=_("numbers"))
    def numbers(self, record: ActivityRecord) -> str:
        """Return the numbers with their names, in one line."""
        return render_to_string("admin/records/activityrecord/_numbers.html", {"numbers": numbers_of(record)})

    @admin.display(description=_("status"))
    def status_sign(self, record: ActivityRecord) -> str:
        """Return the status as colour, sign and word."""
        return render_to_string(
            "records/_status.html",
            {"status": record.status, "label": record.get_status_display()},
        )

    @admin.display(description=_("waiting since"), ordering="submitted_at")
    def waiting_since(self, record: ActivityRecord) -> str:
        """Return how long the record has waited; nothing once it is decided."""
        if record.state is not Status.SUBMITTED or record.submitted_at is None:
            return ""
        return timesince(record.submitted_at, depth=1)


def _is_queue(request: HttpRequest) -> bool:
    """Say whether the list shows what waits for review."""
    return request.GET.get(StatusFilter.parameter_name, Status.SUBMITTED.value) == Status.SUBMITTED
