"""The verbs on one record. Each claims the row first and commits once, or changes nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.designing import design_of, indicators_of, version_of
from reports.campaigns.models import ActivityType, FormVersion, Period
from reports.records import holding, states
from reports.records.backgrounds import Case, doubts_about
from reports.records.content import Content, admitted, check_values, gaps, period_of
from reports.records.explaining import check_reasons, judged
from reports.records.judging import approval_of, authorise, release, stamps
from reports.records.models import ActivityRecord, Transition
from reports.records.sharing import check_shared, fitting
from reports.records.states import Status, Verb
from reports.statistics.ledger import Key
from reports.statistics.marks import mark_stale
from units import audit, scope
from units.models import Account, Deed, Unit
from units.rules import RuleError

DEEDS = {
    Verb.EDIT: Deed.CHANGE,
    Verb.SUBMIT: Deed.SUBMIT,
    Verb.ENDORSE: Deed.ENDORSE,
    Verb.APPROVE: Deed.APPROVE,
    Verb.RETURN: Deed.RETURN,
    Verb.REOPEN: Deed.REOPEN,
    Verb.VOID: Deed.VOID,
}

NOTHING: Mapping[str, object] = {}


class Checked(NamedTuple):
    """What a step found right: the period, the form; of a submission its doubts' columns and its files."""

    period: Period
    form: FormVersion | None
    kept: Mapping[str, object] = NOTHING
    files: Mapping[str, object] = NOTHING


def create(
    unit: Unit,
    activity_type: ActivityType,
    content: Content,
    *,
    actor: Account,
    key: uuid.UUID | None = None,
    tab: uuid.UUID | None = None,
) -> ActivityRecord:
    """Store a new draft; the same `key` from the same person gives the record that is there already.

    `tab` is that of the browser in which the form was filled in, where there was one.

    Raises: RuleError `not_yours`, `outside_periods`, `unit_inactive`, `type_retired`, and those of
    `check_values`.
    """
    key = key or uuid.uuid4()
    record = ActivityRecord(unit=unit, activity_type=activity_type, author=actor, key=key, tab=tab)
    try:
        with transaction.atomic():
            return _insert(record, content, actor)
    except IntegrityError:
        twin: ActivityRecord | None = ActivityRecord.objects.filter(author=actor, key=key).first()
        if twin is None:
            raise
        return twin


def edit(record: ActivityRecord, content: Content, *, actor: Account) -> ActivityRecord:
    """Replace what the author wrote; only a draft or a returned record takes it.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`, `outside_periods`, `unit_inactive`, and those of
    `check_values`.
    """
    return _step(record, Verb.EDIT, actor, content=content)


def submit(record: ActivityRecord, *, actor: Account, note: str = "") -> ActivityRecord:
    """Hand a complete record to the reviewers.

    Raises: RuleError as `edit`, the first gap of the content, or `reason_due` at the first doubt
    that nobody has explained.
    """
    return _step(record, Verb.SUBMIT, actor, note=note)


def approve(record: ActivityRecord, *, actor: Account, note: str = "") -> ActivityRecord:
    """Let a submitted record count; where two have to agree, the first one's approval endorses it.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`, `own_record`, `endorsed_already`.
    """
    return _step(record, approval_of(record), actor, note=note)


def send_back(record: ActivityRecord, *, actor: Account, note: str) -> ActivityRecord:
    """Return a submitted record to its unit with a reason.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`, `own_record`, `reason_missing`.
    """
    return _step(record, Verb.RETURN, actor, note=note)


def reopen(record: ActivityRecord, *, actor: Account, note: str) -> ActivityRecord:
    """Take an approved record out of the figures and give it back to its unit, with a reason.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`, `own_record`, `reason_missing`.
    """
    return _step(record, Verb.REOPEN, actor, note=note)


def void(record: ActivityRecord, *, actor: Account, note: str = "") -> ActivityRecord:
    """Strike a draft or a returned record out; the row stays.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`.
    """
    return _step(record, Verb.VOID, actor, note=note)


def _insert(record: ActivityRecord, content: Content, actor: Account) -> ActivityRecord:
    """Write the row of a new draft with its step and its audit row."""
    unit, activity_type = record.unit, record.activity_type
    if not scope.may(actor, scope.REPORT, unit):
        raise RuleError(
            "not_yours", _("You do not report for this unit; ask the bureau for the role of liaison.")
        )
    if activity_type.is_retired:
        raise RuleError(
            "type_retired", _("“%(type)s” is no longer used; choose another type.") % {"type": activity_type}
        )
    _fill(record, content, _check(record, Verb.EDIT, content))
    record.save(force_insert=True)
    holding.adopt(record)
    _note_down(record, Verb.EDIT, "", actor)
    audit.record(Deed.CREATE, actor=actor, subject=record, unit=unit)
    return record


@transaction.atomic
def _step(
    record: ActivityRecord, verb: Verb, actor: Account, *, note: str = "", content: Content | None = None
) -> ActivityRecord:
    """Authorise, check, claim, change, note down, audit, mark: the order of every verb.

    Authorising first tells a stranger nothing of the state. It is safe, because all that is asked of the
    record belongs to the version that is then claimed. A refusal leaves the loaded record as it was.
    """
    before, old = record.state, Content.of(record)
    authorise(record, verb, actor, note)
    target = _target(record, verb)
    checked = _check(record, verb, content or old)
    _claim(record, target, {**stamps(record, verb, actor), **checked.kept})
    if verb is Verb.ENDORSE:
        release([record], actor)
    if content is not None:
        _fill(record, content, checked)
        record.save(update_fields=["period", "form", *content.columns()])
    _note_down(record, verb, before.value, actor, note=note, files=checked.files)
    audit.record(
        DEEDS[verb],
        actor=actor,
        subject=record,
        unit=record.unit,
        changes=changes_of(old, record, before, note),
    )
    if states.counts(before) or states.counts(record.state):
        mark_stale([(record.period, Key(record.unit_id, record.period_id, record.activity_type_id))])
    return record


def _target(record: ActivityRecord, verb: Verb) -> Status:
    """Return the status that the verb leads to. Raises: RuleError `wrong_state`."""
    target = states.after(verb, record.state)
    if target is None:
        message = _(
            "This record is %(status)s, so this step is not possible; reload the page to see what is."
        )
        raise RuleError("wrong_state", message % {"status": record.get_status_display()})
    return target


def _check(record: ActivityRecord, verb: Verb, content: Content) -> Checked:
    """Return the period of the content, the form that it fits, and what goes with a submission.

    Raises: RuleError `outside_periods`, `unit_inactive`, those of `check_values`, `counted_by_host`, the
    first gap, or `reason_due`.
    """
    if verb not in (Verb.EDIT, Verb.SUBMIT):
        return Checked(record.period, record.form)
    period = _period(record, content.held_on)
    indicators = indicators_of(record.activity_type)
    check_values(content, indicators)
    check_reasons(content.reasons)
    design = design_of(record.activity_type, indicators)
    if record.is_companion:
        check_shared(content, design)
    design = fitting(design, record)
    form = record.form
    if form is None or form.digest != design.digest:
        form = version_of(record.activity_type, design)
    if verb is Verb.EDIT:
        return Checked(period, form)
    today = period.campaign.today(timezone.now())
    held = holding.held_by(record)
    for gap in gaps(content, design, today=today, n_files=held.n_counted):
        raise gap
    is_joint = record.event_id is not None
    case = Case(record.unit, record.activity_type_id, content, design, record.pk, is_joint=is_joint)
    [found] = doubts_about([case])
    return Checked(period, form, judged(content, found), held.as_json)


def _period(record: ActivityRecord, held_on: dt.date) -> Period:
    """Return the period of a day, without asking where the record stands in it already.

    Raises: RuleError `outside_periods`, `unit_inactive`.
    """
    if record.period_id and record.period.starts_on <= held_on <= record.period.ends_on:
        return admitted(record.period, record.unit, held_on)
    return period_of(record.activity_type, record.unit, held_on)


def _claim(record: ActivityRecord, target: Status, stamps: dict[str, object]) -> None:
    """Move the row on if it is still as it was read; the loser of a race gets a message.

    Raises: RuleError `stale`.
    """
    claimed = ActivityRecord.objects.filter(
        pk=record.pk, version=record.version, status=record.status
    ).update(status=target.value, version=F("version") + 1, **stamps)
    if not claimed:
        raise RuleError(
            "stale", _("Somebody else has changed this record meanwhile; reload it and look again.")
        )
    record.version += 1
    record.status = target.value
    for name, value in stamps.items():
        setattr(record, name, value)


def _fill(record: ActivityRecord, content: Content, checked: Checked) -> None:
    """Put the content, the period that it belongs to and the form that it fits into the record."""
    record.period, record.form = checked.period, checked.form
    for name, value in content.columns().items():
        setattr(record, name, value)


def _note_down(
    record: ActivityRecord,
    verb: Verb,
    before: str,
    actor: Account,
    *,
    note: str = "",
    files: Mapping[str, object] = NOTHING,
) -> None:
    """Write the step; a submission keeps its content, so that rounds can be compared."""
    Transition.objects.create(
        record=record,
        verb=verb.value,
        from_status=before,
        to_status=record.status,
        version=record.version,
        actor=actor,
        note=note.strip(),
        content=as_submitted(record, files) if verb is Verb.SUBMIT else {},
    )


def as_submitted(record: ActivityRecord, files: Mapping[str, object]) -> dict[str, object]:
    """Return the content as a submission's step keeps it, with its files and what was said about it."""
    kept = Content.of(record).as_json() | dict(files)
    return kept | ({"doubts": record.doubts} if record.doubts else {})


def changes_of(old: Content, record: ActivityRecord, before: Status, note: str) -> dict[str, object]:
    """Return what a step changed, field by field as [old, new], with its reason."""
    was, became = old.columns(), Content.of(record).columns()
    changes: dict[str, object] = {
        name: [_plain(was[name]), _plain(became[name])] for name in was if was[name] != became[name]
    }
    if before.value != record.status:
        changes["status"] = [before.value, record.status]
    return changes | ({"reason": note.strip()} if note.strip() else {})


def _plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    return value.isoformat() if isinstance(value, dt.date) else value
