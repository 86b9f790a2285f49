"""The verbs on what a meeting decided: note it, change it, remove it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import Period
from reports.weekly.models import MeetingDecision
from reports.weekly.steering import steered_by
from units import audit, scope
from units.models import Account, Deed, Unit
from units.rules import RuleError


@dataclass(frozen=True, slots=True)
class Wording:
    """What was typed: the decision, who is in charge (a unit's name or code, or free words), by when."""

    text: str
    in_charge: str = ""
    due_on: dt.date | None = None


@transaction.atomic
def note(period: Period, meeting_of: Unit, wording: Wording, *, actor: Account) -> MeetingDecision:
    """Note a decision of the meeting of `meeting_of` on `period`.

    Raises: RuleError `not_yours`, `text_missing`, `due_before`.
    """
    _authorise(meeting_of, actor)
    facts = _facts(wording, period, meeting_of)
    decision = MeetingDecision.objects.create(period=period, meeting_of=meeting_of, noted_by=actor, **facts)
    audit.record(Deed.CREATE, actor=actor, subject=decision, unit=meeting_of, changes=_told(wording))
    return decision


@transaction.atomic
def amend(decision: MeetingDecision, wording: Wording, *, version: int, actor: Account) -> MeetingDecision:
    """Change what a decision says.

    Raises: RuleError `not_yours`, `text_missing`, `due_before`, `stale` where somebody was faster.
    """
    _authorise(decision.meeting_of, actor)
    before = _told(wording_of(decision))
    facts = _facts(wording, decision.period, decision.meeting_of)
    _claim(decision, version, **facts)
    decision.refresh_from_db()
    after = _told(wording_of(decision))
    changes = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
    if changes:
        audit.record(Deed.CHANGE, actor=actor, subject=decision, unit=decision.meeting_of, changes=changes)
    return decision


@transaction.atomic
def remove(decision: MeetingDecision, *, version: int, actor: Account) -> None:
    """Take a decision off the sheet; its row stays.

    Raises: RuleError `not_yours`, `stale` where somebody was faster.
    """
    _authorise(decision.meeting_of, actor)
    _claim(decision, version, removed_at=timezone.now())
    audit.record(
        Deed.VOID,
        actor=actor,
        subject=decision,
        unit=decision.meeting_of,
        changes=_told(wording_of(decision)),
    )


def wording_of(decision: MeetingDecision) -> Wording:
    """Return a stored decision as it would be typed."""
    return Wording(decision.text, decision.in_charge, decision.due_on)


def _authorise(meeting_of: Unit, actor: Account) -> None:
    """Refuse who does not steer the unit."""
    if not steered_by(actor).covers(meeting_of.path):
        message = _(
            "Decisions are noted by the reviewers of %(unit)s and by administrators; ask one of them."
        )
        raise RuleError("not_yours", message % {"unit": meeting_of})


def _claim(decision: MeetingDecision, version: int, **facts: object) -> None:
    """Write `facts` where the decision is still as the person saw it."""
    kept = MeetingDecision.objects.filter(pk=decision.pk, version=version, removed_at=None)
    if not kept.update(version=F("version") + 1, **facts):
        raise RuleError(
            "stale", _("Somebody has changed or removed this decision meanwhile; look at it again.")
        )


def _facts(wording: Wording, period: Period, meeting_of: Unit) -> dict[str, object]:
    """Return the columns that the words fill. Raises: RuleError `text_missing`, `due_before`."""
    if not wording.text.strip():
        raise RuleError("text_missing", _("Say what was decided."), field="text")
    if wording.due_on is not None and wording.due_on < period.starts_on:
        message = _("A decision on %(week)s cannot be due before that week began, on %(day)s.")
        words = {"week": period.label, "day": period.starts_on.isoformat()}
        raise RuleError("due_before", message % words, field="due_on")
    owner = _unit_named(wording.in_charge.strip(), meeting_of)
    return {
        "text": wording.text.strip(),
        "owner": owner,
        "owner_name": "" if owner else wording.in_charge.strip(),
        "due_on": wording.due_on,
    }


def _unit_named(words: str, meeting_of: Unit) -> Unit | None:
    """Return the one unit below the meeting's that is called so; None for free words and shared names."""
    if not words:
        return None
    below = scope.Reach(is_everything=False, paths=(meeting_of.path,))
    named = Unit.objects.filter(below.condition("path")).filter(Q(name=words) | Q(code=words))
    found = list(named[:2])
    return found[0] if len(found) == 1 else None


def _told(wording: Wording) -> dict[str, object]:
    """Return what the trail tells of the words."""
    told = asdict(wording)
    return told | {"due_on": wording.due_on.isoformat() if wording.due_on else ""}
