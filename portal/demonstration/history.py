"""Write lives as the rows that the verbs would have left: record, steps, audit trail.

The verbs stamp the present moment, and this history lies in the past; apart from the moments the rows
are the same, which a test compares.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from portal.demonstration.campaign import Frame
from portal.demonstration.lives import Life, Step
from reports.campaigns.designing import design_of, version_of
from reports.campaigns.models import FormVersion, Period
from reports.records import states
from reports.records.models import ActivityRecord, Transition
from reports.records.states import Status, Verb
from reports.records.workflow import DEEDS
from units import audit
from units.models import Account, AuditEntry, Deed


def write(lives: Iterable[Life], frame: Frame) -> list[ActivityRecord]:
    """Store all lives set-wise, in the order in which they began, and return the records.

    Queries: a few per 1,000 rows.
    """
    begun = sorted(lives, key=lambda life: life.steps[0].at)
    forms = {kind.pk: version_of(kind, design_of(kind)) for kind in frame.types.values()}
    records = ActivityRecord.objects.bulk_create(
        [_record(life, _week(frame.weeks, life), forms[life.activity_type.pk]) for life in begun],
        batch_size=500,
    )
    steps: list[Transition] = []
    entries: list[AuditEntry] = []
    for record, life in zip(records, begun, strict=True):
        for version, (before, step, after) in enumerate(_moves(life), 1):
            steps.append(_transition(record, version, before, step, after))
            entries.append(_entry(record, before, step, after, is_first=version == 1))
    Transition.objects.bulk_create(sorted(steps, key=lambda step: step.at), batch_size=500)
    audit.record_many(sorted(entries, key=lambda entry: entry.at))
    return records


def _moves(life: Life) -> list[tuple[Status | None, Step, Status]]:
    """Return each step with the status before it and the one after, by the table of states."""
    moves: list[tuple[Status | None, Step, Status]] = []
    status: Status | None = None
    for step in life.steps:
        after = Status.DRAFT if status is None else states.TABLE[step.verb][status]
        moves.append((status, step, after))
        status = after
    return moves


def _record(life: Life, week: Period, form: FormVersion) -> ActivityRecord:
    """Return the unsaved row as it stands after the last step."""
    last = life.steps[-1]
    submitted = _last(life, {Verb.SUBMIT})
    decided = _last(life, {Verb.APPROVE, Verb.RETURN, Verb.REOPEN})
    endorsed = _last(life, {Verb.ENDORSE, Verb.SUBMIT, Verb.RETURN, Verb.REOPEN})
    endorsed = endorsed if endorsed and endorsed.verb is Verb.ENDORSE else None
    first = next((step for step in life.steps if step.verb is Verb.SUBMIT), None)
    content = last.content
    return ActivityRecord(
        unit=life.unit,
        activity_type=life.activity_type,
        period=week,
        key=life.key,
        form=form,
        status=_moves(life)[-1][2].value,
        version=len(life.steps),
        author=life.steps[0].actor,
        submitted_by=_actor(submitted),
        decided_by=_actor(decided),
        created_at=life.steps[0].at,
        changed_at=last.at,
        first_submitted_at=first.at if first else None,
        submitted_at=submitted.at if submitted else None,
        endorsed_by=_actor(endorsed),
        endorsed_at=endorsed.at if endorsed else None,
        decided_at=decided.at if decided else None,
        **content.columns(),
    )


def _last(life: Life, verbs: set[Verb]) -> Step | None:
    """Return the last step that is one of `verbs`."""
    return next((step for step in reversed(life.steps) if step.verb in verbs), None)


def _actor(step: Step | None) -> Account | None:
    return step.actor if step else None


def _week(weeks: list[Period], life: Life) -> Period:
    """Return the period that holds the day of the activity."""
    begins = [week.starts_on for week in weeks]
    return weeks[bisect.bisect_right(begins, life.steps[0].content.held_on) - 1]


def _transition(
    record: ActivityRecord, version: int, before: Status | None, step: Step, after: Status
) -> Transition:
    """Return the unsaved row of one step."""
    return Transition(
        record=record,
        verb=step.verb.value,
        from_status=before.value if before else "",
        to_status=after.value,
        version=version,
        actor=step.actor,
        note=step.note,
        content=step.content.as_json() if step.verb is Verb.SUBMIT else {},
        at=step.at,
    )


def _entry(
    record: ActivityRecord, before: Status | None, step: Step, after: Status, *, is_first: bool
) -> AuditEntry:
    """Return the unsaved audit row of one step."""
    moved = {"status": [before.value, after.value]} if before and before is not after else {}
    entry = audit.entry(
        Deed.CREATE if is_first else DEEDS[step.verb],
        actor=step.actor,
        subject=record,
        unit=record.unit,
        changes=moved | ({"reason": step.note} if step.note else {}),
    )
    entry.at = step.at
    return entry
