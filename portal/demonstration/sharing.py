"""Share out part of what waits among the demonstration's reviewers."""

from __future__ import annotations

from reports.records.assigning import assign_many
from reports.records.models import ActivityRecord
from reports.records.states import Status
from units.models import Account

# Of every so many that wait, one is given to each reviewer; the rest is for whoever comes first.
EVERY = 5


def share_out(reviewers: list[Account], records: list[ActivityRecord]) -> None:
    """Let each reviewer take some of what waits; the last one is the one who hands out."""
    waiting = sorted(record.pk for record in records if record.state is Status.SUBMITTED)
    for place, reviewer in enumerate(reviewers):
        assign_many(waiting[place::EVERY], actor=reviewers[-1], to=reviewer)
