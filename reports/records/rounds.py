"""Which of a record's rounds the unit has to answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.records.models import ActivityRecord, Transition
from reports.records.reviewing import Step
from reports.records.states import Status


@dataclass(frozen=True, slots=True)
class Comeback:
    """One record that was returned, with the reason."""

    record: ActivityRecord
    note: str


def comebacks(records: Iterable[ActivityRecord]) -> list[Comeback]:
    """Return each of some returned records with the reason of its last return. Queries: one."""
    listed = list(records)
    returns = Transition.objects.filter(record__in=listed, to_status=Status.RETURNED).order_by("version")
    notes = dict(returns.values_list("record", "note"))
    return [Comeback(record, notes.get(record.pk, "")) for record in listed]


def reason_in(record: ActivityRecord, steps: Iterable[Step]) -> Step | None:
    """Return the last step that gave a returned record back; None while nothing waits for the unit."""
    if record.state is not Status.RETURNED:
        return None
    returns = [step for step in steps if step.status == Status.RETURNED]
    return returns[-1] if returns else None
