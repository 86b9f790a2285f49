"""Joint events in the admin: the bureau announces one for all units, or looks after any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reports.records import joining
from reports.records.models import JointEvent
from reports.records.states import Status
from units import registry
from units.models import Unit
from units.scoped_admin import ScopedModelAdmin, actor_of


@admin.register(JointEvent)
class JointEventAdmin(ScopedModelAdmin):
    """The joint events; what its records were entered for stays what it is."""

    list_display = ("title", "held_on", "activity_type", "host", "is_for_all", "is_open", "n_records")
    list_filter = ("is_for_all", "is_open", "activity_type__campaign")
    list_select_related = ("activity_type", "host")
    search_fields = ("title", "host__name")
    sortable_by = ("held_on",)
    fields = ("activity_type", "host", "held_on", "title", "place", "is_for_all", "is_open")
    autocomplete_fields = ("host",)

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        is_stored = ~models.Q(records__status=Status.VOID) & models.Q(records__isnull=False)
        counted: models.QuerySet[Any] = rows.annotate(n_joined=models.Count("records", filter=is_stored))
        return counted

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("activity_type", "host")

    def unit_of(self, row: JointEvent) -> Unit:
        return row.host

    def enter(self, row: JointEvent, request: HttpRequest) -> None:
        joining.announce(row, actor=actor_of(request))

    def amend(self, row: JointEvent, fields: Iterable[str], request: HttpRequest) -> None:
        registry.amend(row, fields, actor=actor_of(request), unit=row.host)

    @admin.display(description=_("records"))
    def n_records(self, event: Any) -> int:
        """Return how many units have joined."""
        return int(event.n_joined)
