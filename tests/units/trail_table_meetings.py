"""What the trail has to tell of the weekly rhythm: urging, the board as a file, decisions of meetings."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from reports.weekly.models import MeetingDecision, WeeklyReport
from tests.personas import World
from tests.units.trail_ways import Row, Told, owed, post
from units.models import Deed

DECISION = "weekly.meetingdecision"


def urged(world: World) -> None:
    """Let the reviewer urge the school about a report that is missing."""
    report, now = owed(world), timezone.now()
    moments = {"due_at": now - dt.timedelta(hours=1), "close_at": now + dt.timedelta(days=1)}
    WeeklyReport.objects.filter(pk=report.pk).update(**moments)
    post(world, "reviewer", f"/weekly/{report.pk}/urge/")


def noted(world: World) -> MeetingDecision:
    """Store a decision of the bureau's meeting, past the verb that tells of it."""
    facts = {"period": world.period, "meeting_of": world.bureau, "noted_by": world.reviewer}
    decision: MeetingDecision = MeetingDecision.objects.create(text="补报", **facts)
    return decision


def on_decision(world: World, verb: str = "", **form: Any) -> None:
    """Do something to a decision on its page."""
    decision = noted(world)
    post(
        world, "reviewer", f"/weekly/meeting/decisions/{decision.pk}/{verb}", version=decision.version, **form
    )


MEETINGS: dict[str, Row] = {
    "urge": Row(Deed.URGE, Told(urged, "reviewer", "weekly.weeklyreport")),
    "export the board": Row(
        Deed.EXPORT, Told(lambda w: post(w, "reviewer", "/weekly/board/export/", format="csv"), "reviewer")
    ),
    "note a decision": Row(
        Deed.CREATE,
        Told(
            lambda w: post(w, "reviewer", "/weekly/meeting/decisions/", text="补报", in_charge="", due_on=""),
            "reviewer",
            DECISION,
        ),
    ),
    "change a decision": Row(
        Deed.CHANGE, Told(lambda w: on_decision(w, text="周三前补报"), "reviewer", DECISION)
    ),
    "remove a decision": Row(Deed.VOID, Told(lambda w: on_decision(w, "remove/"), "reviewer", DECISION)),
}
