"""Decide on many records at once: the steps of the single verb, set-wise, with the same rows behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.records import states
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
    """How a bulk decision went: how many were decided, how many left because they were not open to it."""

    n_done: int
    n_left: int


def approve_many(ids: Iterable[int], *, actor: Account, versions: Mapping[int, int] | None = None) -> Outcome:
    """Approve those of `ids` that wait for review, lie in reach and are not the actor's own.

    With `versions`, the versions that were looked at by id: a row that has moved on since is left.
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
    Transition.objects.bulk_create(
        (
            Transition(
                record=record,
                verb=verb.value,
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
    audit.record_many(_entries(records, verb, actor, note))
    if states.counts(states.TABLE[verb][Status.SUBMITTED]):
        mark_stale(
            (record.period, Key(record.unit_id, record.period_id, record.activity_type_id))
            for record in records
        )
    return Outcome(n_done=len(records), n_left=len(asked) - len(records))


def _claim(
    ids: set[int], verb: Verb, actor: Account, versions: Mapping[int, int] | None
) -> list[ActivityRecord]:
    """Lock what may be decided, move it on and return it as it now is.

    On PostgreSQL the rows are locked; on SQLite the transaction itself has locked out every writer.
    """
    waiting = ActivityRecord.objects.reviewable_by(actor).filter(pk__in=ids, status=Status.SUBMITTED.value)
    records = list(
        waiting.exclude(submitted_by=actor)
        .select_related("unit", "period", "activity_type")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if versions is not None:
        records = [record for record in records if versions.get(record.pk) == record.version]
    target, now = states.TABLE[verb][Status.SUBMITTED].value, timezone.now()
    ActivityRecord.objects.filter(pk__in=[record.pk for record in records]).update(
        status=target, version=F("version") + 1, decided_by=actor, decided_at=now, changed_at=now
    )
    for record in records:
        record.status, record.version = target, record.version + 1
        record.decided_by, record.decided_at = actor, now
    return records


def _entries(records: list[ActivityRecord], verb: Verb, actor: Account, note: str) -> Iterable[AuditEntry]:
    """Yield one audit row per record."""
    reason = {"reason": note} if note else {}
    for record in records:
        changes = {"status": [Status.SUBMITTED.value, record.status], **reason}
        yield audit.entry(DEEDS[verb], actor=actor, subject=record, unit=record.unit, changes=changes)
