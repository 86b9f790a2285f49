"""The demonstration as plain values, to compare one load with another."""

from __future__ import annotations

import datetime as dt

from reports.records.models import ActivityRecord
from reports.weekly.models import WeeklyReport
from units.models import Account, AuditEntry

WEDNESDAY = dt.datetime.fromisoformat("2026-11-25T12:00+08:00")


def snapshot() -> list[list[object]]:
    """Return what is stored, without numbers of rows and secrets."""
    records = ActivityRecord.objects.order_by("key").values_list(
        "key", "unit__code", "held_on", "title", "values", "status", "version", "submitted_at", "decided_at"
    )
    reports = WeeklyReport.objects.order_by("unit__code", "period__number").values_list(
        "unit__code", "period__number", "is_zero", "filed_at", "progress"
    )
    accounts = Account.objects.order_by("username").values_list("username", "name", "email")
    return [list(records), list(reports), list(accounts), [AuditEntry.objects.count()]]
