"""The audit trail in the admin: the auditor reads it and nobody changes it."""

from __future__ import annotations

import json

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from units.models import AuditEntry
from units.scoped_admin import ReadOnlyModelAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyModelAdmin):
    """Every deed, latest first."""

    list_display = ("at", "actor_name", "deed", "object_type", "object_name", "unit", "address")
    list_filter = ("deed", ("at", admin.DateFieldListFilter))
    list_select_related = ("unit",)
    search_fields = ("actor_name", "object_name", "=object_id")
    sortable_by = ()
    ordering = ("-id",)
    has_history = False
    fields = ("at", "actor", "actor_name", "deed", "unit", "object_type", "object_id", "object_name")
    readonly_fields = ("all_changes",)

    def get_fields(self, request: object, obj: object = None) -> tuple[str, ...]:
        return (*self.fields, "address", "all_changes")

    @admin.display(description=_("changes"))
    def all_changes(self, entry: AuditEntry) -> str:
        """Return the changes as they are stored, one per line."""
        return "\n".join(
            f"{name}: {json.dumps(was, ensure_ascii=False)}" for name, was in entry.changes.items()
        )
