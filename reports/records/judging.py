"""Who may do which step, what an approval amounts to, and what each step stamps on the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from reports.records import states
from reports.records.models import ActivityRecord
from reports.records.states import Verb
from units import scope
from units.models import Account
from units.rules import RuleError

NOT_ENDORSED: dict[str, object] = {"endorsed_by": None, "endorsed_at": None}


def approval_of(record: ActivityRecord) -> Verb:
    """Return the step that an approval takes: of a type that two have to review, the first one endorses."""
    is_first = record.activity_type.needs_second_review and record.endorsed_by_id is None
    return Verb.ENDORSE if is_first else Verb.APPROVE


def authorise(record: ActivityRecord, verb: Verb, actor: Account, note: str) -> None:
    """Refuse who may not, who judges their own or twice, and who gives no reason where one is due.

    Raises: RuleError `not_yours`, `own_record`, `endorsed_already`, `reason_missing`.
    """
    permission = scope.REPORT if verb in states.BY_UNIT else scope.REVIEW
    if not scope.may(actor, permission, record.unit):
        raise RuleError("not_yours", _("You may not do this at %(unit)s.") % {"unit": record.unit})
    if permission == scope.REVIEW and record.submitted_by_id == actor.pk:
        raise RuleError("own_record", _("You submitted this record yourself; a colleague has to review it."))
    if verb is Verb.APPROVE and record.endorsed_by_id == actor.pk:
        message = _("You have endorsed this record; the second review is a colleague's.")
        raise RuleError("endorsed_already", message)
    if verb in states.NEEDS_REASON and not note.strip():
        raise RuleError("reason_missing", _("Say why, so that the unit knows what to change."), field="note")


def stamps(
    record: ActivityRecord, verb: Verb, actor: Account, now: dt.datetime | None = None
) -> dict[str, object]:
    """Return the columns that a step stamps besides status and version; without a moment, that of now."""
    now = now or timezone.now()
    stamped: dict[str, object] = {"changed_at": now}
    if verb is Verb.SUBMIT:
        first = record.first_submitted_at or now
        return (
            stamped | {"submitted_at": now, "submitted_by": actor, "first_submitted_at": first} | NOT_ENDORSED
        )
    return stamped | judgement(verb, actor, now)


def judgement(verb: Verb, actor: Account, now: dt.datetime) -> dict[str, object]:
    """Return what a reviewer's step stamps on every record alike; nothing for a step of the unit."""
    if verb is Verb.ENDORSE:
        return {"endorsed_by": actor, "endorsed_at": now}
    if verb in states.BY_UNIT:
        return {}
    decided: dict[str, object] = {"decided_by": actor, "decided_at": now}
    return decided if verb is Verb.APPROVE else decided | NOT_ENDORSED


def release(records: Iterable[ActivityRecord], actor: Account) -> None:
    """Take endorsed records off the endorser's list; the second review is somebody else's.

    Conditional, for an assignment leaves the version as it is and may have changed meanwhile.
    """
    listed = list(records)
    ActivityRecord.objects.filter(pk__in=[record.pk for record in listed], assigned_to=actor).update(
        assigned_to=None
    )
    for record in listed:
        if record.assigned_to_id == actor.pk:
            record.assigned_to = None
