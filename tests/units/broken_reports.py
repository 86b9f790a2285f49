"""Reports that no constraint lets pass."""

from __future__ import annotations

from django.db import models

from reports.weekly.models import ReportDraft, WeeklyReport
from tests.personas import World


def draft_twice(world: World) -> models.Model:
    """Return a second unsaved copy of what a person has typed about one report."""
    about = {"person": world.liaison, "report": WeeklyReport.objects.earliest("pk")}
    ReportDraft.objects.create(**about)
    return ReportDraft(**about)


def weekly(world: World, **facts: object) -> models.Model:
    """Return an unsaved owed report of a unit that has none, with other facts."""
    WeeklyReport.objects.filter(unit=world.school).delete()
    due = {"due_at": world.period.due_at, "close_at": world.period.close_at}
    return WeeklyReport(**({"unit": world.school, "period": world.period} | due | facts))
