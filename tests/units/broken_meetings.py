"""Rows of meetings that the database refuses."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from reports.weekly.models import MeetingDecision
from tests.personas import World


def decision(world: World, **facts: object) -> models.Model:
    """Return an unsaved decision of a meeting, with other facts."""
    told = {"period": world.period, "meeting_of": world.bureau, "text": "补报", "noted_by": world.reviewer}
    return MeetingDecision(**(told | facts))


MEETINGS: dict[str, Callable[[World], models.Model]] = {
    "meeting_decision_says_something": lambda w: decision(w, text=""),
    "meeting_decision_one_owner": lambda w: decision(w, owner=w.school, owner_name="一中"),
}
