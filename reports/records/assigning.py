"""Hand what waits for review to a colleague: one record, or many.

An assignment is a note on who is to look. It moves no status and no version, so that nobody's open page
goes stale by it, and whoever else reviews the unit may still decide.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from reports.records.bulk import Outcome
from reports.records.models import ActivityRecord
from reports.records.states import Status
from units import audit, scope
from units.models import Account, AuditEntry, Deed
from units.rules import RuleError


@transaction.atomic
def assign(record: ActivityRecord, *, actor: Account, to: Account | None) -> ActivityRecord:
    """Hand a waiting record to a colleague, to oneself, or with None to nobody in particular.

    Raises: RuleError `not_yours`, `wrong_state`, `not_a_reviewer`, `stale`.
    """
    if not scope.may(actor, scope.REVIEW, record.unit):
        raise RuleError("not_yours", _("You may not do this at %(unit)s.") % {"unit": record.unit})
    if record.state is not Status.SUBMITTED:
        raise RuleError("wrong_state", _("Only what waits for review can be assigned; reload the page."))
    if to is not None and not _may_judge(record, to, scope.reach(to, scope.REVIEW)):
        message = _(
            "%(person)s cannot review this record: another unit's reviewer, its author, or its first "
            "reviewer. Choose somebody else."
        )
        raise RuleError("not_a_reviewer", message % {"person": to}, field="to")
    claimed = ActivityRecord.objects.filter(
        pk=record.pk, version=record.version, status=record.status, assigned_to=record.assigned_to_id
    ).update(assigned_to=to)
    if not claimed:
        raise RuleError(
            "stale", _("Somebody else has changed this record meanwhile; reload it and look again.")
        )
    audit.record_many([_entry(record, actor, to)])
    record.assigned_to = to
    return record


@transaction.atomic
def assign_many(ids: Iterable[int], *, actor: Account, to: Account | None) -> Outcome:
    """Hand over those of `ids` that wait, lie in the actor's reach, and may be reviewed by `to`.

    Queries: the same for 1 and for 1,000.
    """
    asked = set(ids)
    waiting = ActivityRecord.objects.reviewable_by(actor).filter(pk__in=asked, status=Status.SUBMITTED.value)
    records = list(
        waiting.select_related("unit", "activity_type", "assigned_to")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if to is not None:
        far = scope.reach(to, scope.REVIEW)
        records = [record for record in records if _may_judge(record, to, far)]
    ActivityRecord.objects.filter(pk__in=[record.pk for record in records]).update(assigned_to=to)
    audit.record_many(_entry(record, actor, to) for record in records)
    return Outcome(n_done=len(records), n_left=len(asked) - len(records))


def _may_judge(record: ActivityRecord, person: Account, far: scope.Reach) -> bool:
    """Say whether the person could decide on the record: in reach, and neither its author nor endorser."""
    own = {record.submitted_by_id, record.endorsed_by_id}
    return person.pk not in own and far.covers(record.unit.path)


def _entry(record: ActivityRecord, actor: Account, to: Account | None) -> AuditEntry:
    """Return the audit row of one assignment: from whom, to whom."""
    changes = {"assigned_to": [str(record.assigned_to or ""), str(to or "")]}
    return audit.entry(Deed.ASSIGN, actor=actor, subject=record, unit=record.unit, changes=changes)
