"""Rows that the database refuses: those of meetings and of planned periods, and what a tab keeps twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from django.db import models

from reports.campaigns.models import PlannedPeriod
from reports.records.models import WorkingCopy
from reports.weekly.models import MeetingDecision
from tests.personas import World

DAY = dt.date(2026, 11, 23)


def twin_copy(world: World) -> models.Model:
    """Return what a tab keeps of its form a second time."""
    key = uuid.uuid4()
    facts = {"person": world.liaison, "unit": world.school, "activity_type": world.lecture}
    WorkingCopy.objects.create(**facts, key=key, tab=key)
    return WorkingCopy(**facts, key=key, tab=key)


def decision(world: World, **facts: object) -> models.Model:
    """Return an unsaved decision of a meeting, with other facts."""
    told = {"period": world.period, "meeting_of": world.bureau, "text": "补报", "noted_by": world.reviewer}
    return MeetingDecision(**(told | facts))


def planned(world: World, **facts: object) -> PlannedPeriod:
    """Return an unsaved planned period of one day, with other facts."""
    days = dict.fromkeys(("starts_on", "ends_on", "due_on", "closes_on"), DAY)
    return PlannedPeriod(**({"campaign": world.campaign} | days | facts))


def twin_planned(world: World) -> models.Model:
    """Return a second planned period that starts on the same day."""
    planned(world).save()
    return planned(world)


MEETINGS: dict[str, Callable[[World], models.Model]] = {
    "meeting_decision_says_something": lambda w: decision(w, text=""),
    "meeting_decision_one_owner": lambda w: decision(w, owner=w.school, owner_name="一中"),
}
