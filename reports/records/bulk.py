"""Decide on many records at once: the steps of the single verb, set-wise, with the same rows behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.records import states
from reports.records.judging import approval_of, judgement, release
from reports.records.models import ActivityRecord, Transition
from reports.records.states import Status, Verb
from reports.records.workflow import DEEDS
from reports.statistics.ledger import Key
from reports.statistics.marks import mark_stale
from units import audit
from units.models import Account, AuditEntry
from units.rules import RuleError


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a bulk decision went: how many were decided, how many left because they were not open to it.

    `n_endorsed` of those done wait for a second review.
    """

    n_done: int
    n_left: int
    n_endorsed: int = 0


def approve_many(ids: Iterable[int], *, actor: Account, versions: Mapping[int, int] | None = None) -> Outcome:
    """Approve those of `ids` that wait for review, lie in reach and are not the actor's own.

    Where two have to agree, the first approval endorses. With `versions`, the versions that were looked
    at by id: a row that has moved on since is left.
    """
    return _decide(ids, Verb.APPROVE, actor, "", versions)


def send_back_many(
    ids: Iterable[int], *, actor: Account, note: str, versions: Mapping[int, int] | None = None
) -> Outcome:
    """Return those of `ids` that wait for review, lie in reach and are not the actor's own.

    With `versions`, the versions that were looked at by id: a row that has moved on since is left.

    Raises: RuleError `reason_missing`.
    """
    if not note.strip():
        raise RuleError("reason_missing", _("Say why, so that the unit knows what to change."), field="note")
    return _decide(ids, Verb.RETURN, actor, note.strip(), versions)


@transaction.atomic
def _decide(
    ids: Iterable[int], verb: Verb, actor: Account, note: str, versions: Mapping[int, int] | None
) -> Outcome:
    """Claim the rows, then step, audit row and mark for each. Queries: the same for 1 and for 1,000."""
    asked = set(ids)
    records = _claim(asked, verb, actor, versions)
    taken = {record.pk: approval_of(record) if verb is Verb.APPROVE else verb for record in records}
    for step in dict.fromkeys(taken.values()):
        _move([record for record in records if taken[record.pk] is step], step, actor)
    Transition.objects.bulk_create(
        (
            Transition(
                record=record,
                verb=taken[record.pk].value,
                from_status=Status.SUBMITTED.value,
                to_status=record.status,
                version=record.version,
                actor=actor,
                note=note,
            )
            for record in records
        ),
        batch_size=1000,
    )
    audit.record_many(_entry(record, taken[record.pk], actor, note) for record in records)
    if counted := [record for record in records if states.counts(record.state)]:
        mark_stale(
            (record.period, Key(record.unit_id, record.period_id, record.activity_type_id))
            for record in counted
        )
    n_endorsed = sum(step is Verb.ENDORSE for step in taken.values())
    return Outcome(n_done=len(records), n_left=len(asked) - len(records), n_endorsed=n_endorsed)


def _claim(
    ids: set[int], verb: Verb, actor: Account, versions: Mapping[int, int] | None
) -> list[ActivityRecord]:
    """Lock and return what the actor may decide.

    On PostgreSQL the rows are locked; on SQLite the transaction itself has locked out every writer.
    """
    waiting = ActivityRecord.objects.reviewable_by(actor).filter(pk__in=ids, status=Status.SUBMITTED.value)
    if verb is Verb.APPROVE:
        waiting = waiting.exclude(endorsed_by=actor)
    records = list(
        waiting.exclude(submitted_by=actor)
        .select_related("unit", "period", "activity_type")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if versions is not None:
        records = [record for record in records if versions.get(record.pk) == record.version]
    return records


def _move(records: list[ActivityRecord], step: Verb, actor: Account) -> None:
    """Take one step with claimed rows, in the database and in memory."""
    now, target = timezone.now(), states.TABLE[step][Status.SUBMITTED].value
    stamped = judgement(step, actor, now) | {"changed_at": now}
    ActivityRecord.objects.filter(pk__in=[record.pk for record in records]).update(
        status=target, version=F("version") + 1, **stamped
    )
    for record in records:
        record.status, record.version = target, record.version + 1
        for name, value in stamped.items():
            setattr(record, name, value)
    if step is Verb.ENDORSE:
        release(records, actor)


def _entry(record: ActivityRecord, step: Verb, actor: Account, note: str) -> AuditEntry:
    """Return the audit row of one record."""
    moved = record.state is not Status.SUBMITTED
    changes: dict[str, object] = {"status": [Status.SUBMITTED.value, record.status]} if moved else {}
    reason = {"reason": note} if note else {}
    return audit.entry(DEEDS[step], actor=actor, subject=record, unit=record.unit, changes=changes | reason)
