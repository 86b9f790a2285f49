"""The work of a bureau of any size: a campaign, what is owed, records in every state, totals."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone

from bench.scale.pouring import pour
from bench.scale.tree import Shape
from portal.demonstration.campaign import Frame, make_campaign
from reports.campaigns.designing import design_of, version_of
from reports.campaigns.models import Period
from reports.records.models import ActivityRecord
from reports.statistics.models import Cell
from reports.weekly.models import WeeklyReport

# Of 20 records: one each is a draft, void, returned; two wait; the rest are approved.
STATES = ["draft", "void", "returned", "submitted", "submitted", *["approved"] * 15]
VALUES = {"sessions": 1, "onsite": 40}
RECORD = (
    "unit", "activity_type", "form", "period", "key", "held_on", "title", "values", "status", "version",
    "author", "submitted_by", "decided_by", "submitted_at", "decided_at",
)  # fmt: skip


def begin() -> Frame:
    """Store a campaign of ten weeks. Before there are units: its verb makes what they owe row by row."""
    now = timezone.now()
    return make_campaign(now, timezone.localdate())


def fill(frame: Frame, shape: Shape, n_units: int, n_records: int) -> None:
    """Store what is owed for the running week, records and totals."""
    reports = _reports(frame, n_units, timezone.now())
    pour(WeeklyReport, ("unit", "period", "due_at", "close_at", "filed_at"), reports)
    designs = [(kind, design_of(kind)) for kind in frame.types.values()]
    types = [
        (kind.pk, version_of(kind, design).pk)
        for kind, design in designs
        if VALUES.keys() <= {ask.code for ask in design.asks}
    ]
    pour(ActivityRecord, RECORD, _records(shape, frame, types, n_records))
    # Asked for before: a connection that copies answers no other question.
    whole = frame.campaign.periods.get(number=0)
    pour(Cell, ("unit", "period", "activity_type", "own", "total"), _cells(shape, frame, whole, n_units))


def _reports(frame: Frame, n_units: int, now: dt.datetime) -> Iterator[tuple[Any, ...]]:
    """Yield what each unit but the root owes for the running week; four of five have filed it."""
    week = frame.weeks[-1]
    for unit in range(2, n_units + 1):
        yield unit, week.pk, week.due_at, week.close_at, None if unit % 5 == 0 else now


def _records(
    shape: Shape, frame: Frame, types: list[tuple[int, int]], n_records: int
) -> Iterator[tuple[Any, ...]]:
    """Yield records of the fourth and fifth level, spread evenly over units, types, weeks and states."""
    first, n_here = shape.firsts[3], shape.levels[2] + shape.levels[3]
    weeks = frame.weeks
    for n, status in zip(range(n_records), itertools.cycle(STATES)):
        week = weeks[n // 7 % len(weeks)]
        moment = dt.datetime.combine(week.starts_on, dt.time(9), dt.UTC) + dt.timedelta(seconds=n % 80_000)
        handed_in = status not in {"draft", "void"}
        decided = status in {"approved", "returned"}
        yield (
            first + n * 31 % n_here, *types[n % len(types)], week.pk, UUID(int=n + 1),
            week.starts_on + dt.timedelta(days=n % 7), f"第{n}次专题学习", VALUES, status,
            3 if decided else 2, 1, 1 if handed_in else None, 2 if decided else None,
            moment if handed_in else None, moment + dt.timedelta(hours=20) if decided else None,
        )  # fmt: skip


def _cells(shape: Shape, frame: Frame, whole: Period, n_units: int) -> Iterator[tuple[Any, ...]]:
    """Yield the totals of the whole campaign for all units, and week by week for the upper levels."""
    total = {"records": 9, "sessions": 9, "onsite": 360}
    for unit in range(1, n_units + 1):
        yield unit, whole.pk, None, total, total
    for week in frame.weeks:
        for unit in range(1, min(n_units, shape.firsts[3]) + 1):
            yield unit, week.pk, None, total, total
