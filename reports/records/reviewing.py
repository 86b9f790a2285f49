"""What a reviewer works through: the queue, what follows, and the rounds that a record has made."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.campaigns.designing import ask_of
from reports.records import states
from reports.records.differences import Difference, differences
from reports.records.models import ActivityRecord, Transition
from reports.records.querysets import RecordQuerySet
from reports.records.states import Status, Verb
from units import scope

STEP_NAMES: dict[str, str | Promise] = {
    Verb.EDIT.value: _("saved"),
    Verb.SUBMIT.value: _("submitted"),
    Verb.ENDORSE.value: _("endorsed"),
    Verb.APPROVE.value: _("approved"),
    Verb.RETURN.value: _("returned"),
    Verb.REOPEN.value: _("reopened"),
    Verb.VOID.value: _("declared void"),
    "load": _("loaded from a ledger"),
}
# Drafts are the unit's own affair; a reviewer sees rounds from the first submission on.
SHOWN_STEPS = [Verb.SUBMIT, Verb.ENDORSE, Verb.APPROVE, Verb.RETURN, Verb.REOPEN, Verb.VOID, "load"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline; `differences` are those to the round before."""

    verb: str
    version: int
    name: str
    actor: str
    at: dt.datetime
    note: str
    status: str
    differences: tuple[Difference, ...]


def queue_of(user: scope.Person) -> RecordQuerySet:
    """Return what waits for this reviewer, oldest first."""
    return waiting_for(user, scope.reach(user, scope.REVIEW))


def waiting_for(user: scope.Person, reviewed: scope.Reach) -> RecordQuerySet:
    """Return what waits for a reviewer of this reach, oldest first.

    What they submitted themselves is not theirs, nor what they have endorsed: that waits for a colleague.
    """
    own = Q(submitted_by=user.pk) | Q(endorsed_by=user.pk) if user.pk else Q(pk__in=())
    within = ActivityRecord.objects.filter(reviewed.condition("unit__path"))
    return within.exclude(own).waiting()


def following(queue: RecordQuerySet, record: ActivityRecord) -> ActivityRecord | None:
    """Return what stands behind `record` in a queue, at its end the first one; None when it is empty."""
    later = Q(submitted_at__gt=record.submitted_at) | Q(pk__gt=record.pk)
    behind = Q(submitted_at__gte=record.submitted_at) & later
    rest = queue.exclude(pk=record.pk)
    found: ActivityRecord | None = rest.filter(behind).first() or rest.first()
    return found


def decisions_for(record: ActivityRecord, user: scope.Person) -> list[Verb]:
    """Return the decisions that are open to this person on this record, in the order of the state table."""
    return decisions_within(record, user, scope.reach(user, scope.REVIEW))


def decisions_within(record: ActivityRecord, user: scope.Person, reviewed: scope.Reach) -> list[Verb]:
    """Return the decisions that are open on this record to a reviewer of this reach."""
    if not reviewed.covers(record.unit.path) or record.submitted_by_id == user.pk:
        return []
    open_verbs = [
        verb for verb in states.verbs_in(record.state) if verb not in {*states.BY_UNIT, Verb.ENDORSE}
    ]
    is_first_reviewer = record.state is Status.SUBMITTED and record.endorsed_by_id == user.pk
    return [verb for verb in open_verbs if verb is not Verb.APPROVE or not is_first_reviewer]


def is_own(record: ActivityRecord, user: scope.Person) -> bool:
    """Say whether the person would judge what they submitted themselves."""
    return record.state is Status.SUBMITTED and record.submitted_by_id == user.pk


def steps_of(record: ActivityRecord) -> list[Step]:
    """Return the rounds of a record, oldest first, each submission with what it changed. Queries: two."""
    asks = [ask_of(indicator) for indicator in record.activity_type.indicators.in_order()]
    rows = Transition.objects.filter(record=record, verb__in=SHOWN_STEPS).select_related("actor")
    steps, last = [], None
    for row in rows.order_by("version"):
        content = row.content if row.verb == Verb.SUBMIT else None
        changed = tuple(differences(last, content, asks)) if last and content else ()
        last = content or last
        steps.append(_step(row, changed))
    return steps


def _step(row: Transition, differences: tuple[Difference, ...]) -> Step:
    """Return one stored step in people's words."""
    return Step(
        verb=row.verb,
        version=row.version,
        name=str(STEP_NAMES[row.verb]),
        actor=str(row.actor) if row.actor else "",
        at=row.at,
        note=row.note,
        status=row.to_status,
        differences=differences,
    )
