"""How long an approval takes: calendar days between the first submission and the approval, the median."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from django.utils import timezone

from reports.records.models import ActivityRecord
from units.scope import Reach

# The latest approvals anywhere that are looked at; an index hands them out in this order, whatever is stored.
N_LATEST = 300


@dataclass(frozen=True, slots=True)
class Pace:
    """The median days over the latest approvals, in all and by type; None before the first one."""

    days: float | None
    by_type: list[tuple[str, float]]
    n_records: int


def days_between(submitted: dt.date, approved: dt.date) -> int:
    """Return the calendar days that a record waited; 0 on the same day."""
    return max(0, (approved - submitted).days)


def pace_of(reach: Reach) -> Pace:
    """Return the pace within a reach; what was loaded from a ledger waited for nobody. Queries: one.

    The reach is compared here: asked of the database, it would sort all that was ever approved.
    """
    rows = ActivityRecord.objects.approved().order_by("-decided_at", "-id")
    columns = ("activity_type__name", "unit__path", "first_submitted_at", "decided_at")
    waits: defaultdict[str, list[int]] = defaultdict(list)
    for name, path, first, decided in rows.values_list(*columns)[:N_LATEST]:
        if first is not None and reach.covers(path):
            waits[name].append(days_between(timezone.localdate(first), timezone.localdate(decided)))
    everything = [days for own in waits.values() for days in own]
    by_type = sorted(((name, float(median(own))) for name, own in waits.items()), key=lambda one: -one[1])
    return Pace(float(median(everything)) if everything else None, by_type, len(everything))
