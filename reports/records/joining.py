"""The verbs of joint events: found one, invite co-hosts, join, leave. Each commits once or changes nothing.

Who belongs to an event changes no figure: a record joins while its unit may still write it, or as the
host's, whose values stay what they are. So a step leaves the version as it is, unless values go.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reports.campaigns.designing import design_of, version_of
from reports.records import workflow
from reports.records.backgrounds import HANDED_IN
from reports.records.content import Content
from reports.records.models import ActivityRecord, CoHost, JointEvent
from reports.records.sharing import companion_design, without_shared
from reports.records.states import Status
from units import audit, registry, scope
from units.models import Account, Deed, Unit
from units.rules import RuleError

ADD = "records.add_jointevent"


@transaction.atomic
def announce(event: JointEvent, *, actor: Account) -> JointEvent:
    """Store an event that the bureau announces, before anybody has a record of it.

    Raises: RuleError `not_yours`, ValidationError when a field is wrong.
    """
    if not actor.has_perm(ADD) or not scope.may(actor, scope.OVERSEE, event.host):
        raise RuleError("not_yours", _("You may not announce a joint event of this unit."))
    event.founded_by = actor
    return registry.enter(event, actor=actor, unit=event.host)


@transaction.atomic
def found(record: ActivityRecord, *, actor: Account, co_hosts: Iterable[Unit] = ()) -> JointEvent:
    """Make a unit's own record that of the host of a new event, and invite the others.

    Raises: RuleError `not_yours`, `joint_already`, `wrong_state`, `title_missing`, `stale`.
    """
    _authorise(actor, record.unit)
    if not record.title.strip():
        raise RuleError("title_missing", _("Give the activity a title first."), field="title")
    event = _event_like(record, host=record.unit, actor=actor)
    _bind(record, event, actor, is_hosting=True)
    invite(event, co_hosts, actor=actor)
    return event


@transaction.atomic
def invite(event: JointEvent, units: Iterable[Unit], *, actor: Account) -> int:
    """Let other units add their records to an event of one's own; return how many are new.

    Raises: RuleError `not_yours`.
    """
    _authorise(actor, event.host)
    wanted = {unit.pk: unit for unit in units if unit.pk != event.host_id}
    known = set(CoHost.objects.filter(event=event, unit__in=wanted).values_list("unit", flat=True))
    new = [unit for pk, unit in sorted(wanted.items()) if pk not in known]
    CoHost.objects.bulk_create((CoHost(event=event, unit=unit) for unit in new), ignore_conflicts=True)
    if new:
        changes = {"co_hosts": [unit.code for unit in new]}
        audit.record(Deed.CHANGE, actor=actor, subject=event, unit=event.host, changes=changes)
    return len(new)


@transaction.atomic
def join(event: JointEvent, unit: Unit, *, actor: Account, key: uuid.UUID) -> ActivityRecord:
    """Return the unit's record of an event: the one that it has, its own same activity, or a new draft.

    Raises: RuleError `not_yours`, `not_invited`, `event_closed`, and those of `workflow.create`.
    """
    _authorise(actor, unit)
    own = ActivityRecord.objects.of_unit(unit)
    stored: ActivityRecord | None = own.filter(event=event).first()
    if stored is not None:
        return stored
    _check_open(event, unit)
    is_host = unit.pk == event.host_id
    same = own.filter(**_facts(event), event=None).order_by("pk").first() if is_host else None
    if same is None:
        content = Content(event.held_on, event.title, event.place)
        same = workflow.create(unit, event.activity_type, content, actor=actor, key=key)
    _bind(same, event, actor, is_hosting=is_host)
    return same


@transaction.atomic
def join_twin(record: ActivityRecord, *, actor: Account) -> ActivityRecord:
    """Make a draft part of the event whose host is the other unit that reported the same activity.

    The other unit's record is not touched: its unit sees the event and adds its record by itself.
    Raises: RuleError `not_yours`, `no_twin`, `joint_already`, `wrong_state`, `stale`.
    """
    _authorise(actor, record.unit)
    twin = twin_of(record)
    if twin is None:
        raise RuleError(
            "no_twin", _("No other unit has reported this activity; hand the record in as it is.")
        )
    event = twin.event or _event_of(twin, actor)
    CoHost.objects.get_or_create(event=event, unit=record.unit)
    return bind(record, event, actor=actor)


@transaction.atomic
def hand_in_with_twin(record: ActivityRecord, *, actor: Account, is_final: bool) -> ActivityRecord:
    """Join as `join_twin` and hand in where the author wants so; a form that arrives twice does it once.

    Raises: RuleError as `join_twin` and `workflow.submit`.
    """
    if record.event_id is None:
        record = join_twin(record, actor=actor)
    if is_final and record.is_editable:
        return workflow.submit(record, actor=actor)
    return record


@transaction.atomic
def bind(record: ActivityRecord, event: JointEvent, *, actor: Account) -> ActivityRecord:
    """Make a draft part of an event; what the host's record counts is taken out of it.

    Raises: RuleError as `join`, `joint_already`, `wrong_state`, `other_type`, `stale`.
    """
    _authorise(actor, record.unit)
    _check_open(event, record.unit)
    if record.activity_type_id != event.activity_type_id:
        raise RuleError("other_type", _("The event is an activity of another type."))
    if not record.is_editable:
        message = _("This record is %(status)s; it can join an event once it has come back to you.")
        raise RuleError("wrong_state", message % {"status": record.get_status_display()})
    _bind(record, event, actor, is_hosting=record.unit_id == event.host_id)
    content = without_shared(Content.of(record), design_of(record.activity_type))
    if record.is_companion and content != Content.of(record):
        return workflow.edit(record, content, actor=actor)
    return record


@transaction.atomic
def leave(record: ActivityRecord, *, actor: Account) -> ActivityRecord:
    """Take a record out of its event; the event of a host that leaves takes nobody in any more.

    Raises: RuleError `not_yours`, `not_joint`, `wrong_state`, `host_stays`, `stale`.
    """
    _authorise(actor, record.unit)
    event = record.event
    if event is None:
        raise RuleError("not_joint", _("This record is part of no joint event."))
    if not record.is_hosting and not record.is_editable:
        message = _("This record is %(status)s; it can leave the event once it has come back to you.")
        raise RuleError("wrong_state", message % {"status": record.get_status_display()})
    others = event.records.exclude(pk=record.pk).exclude(status=Status.VOID)
    if record.is_hosting and others.exists():
        raise RuleError("host_stays", _("Others have joined your event; they have to leave it first."))
    was_hosting = record.is_hosting
    _seat(record, None, None, is_hosting=False)
    if was_hosting:
        registry.amend(_closed(event), ["is_open"], actor=actor, unit=event.host)
    _tell(record, actor, [event.pk, None])
    return record


def twin_of(record: ActivityRecord) -> ActivityRecord | None:
    """Return the oldest record of another unit of the same activity that has been handed in, if any."""
    if not record.title or not record.place:
        return None
    same = ActivityRecord.objects.filter(**_facts(record), status__in=HANDED_IN)
    found: ActivityRecord | None = (
        same.exclude(unit=record.unit).select_related("unit", "event").order_by("pk").first()
    )
    return found


def _facts(activity: ActivityRecord | JointEvent) -> dict[str, object]:
    """Return what two records of one activity have in common."""
    return {
        "activity_type": activity.activity_type_id,
        "held_on": activity.held_on,
        "title": activity.title,
        "place": activity.place,
    }


def _event_of(twin: ActivityRecord, actor: Account) -> JointEvent:
    """Return the open event of another unit's activity, a new one where nobody has founded it."""
    found: JointEvent | None = JointEvent.objects.filter(**_facts(twin), host=twin.unit, is_open=True).first()
    return found or _event_like(twin, host=twin.unit, actor=actor)


def _event_like(record: ActivityRecord, *, host: Unit, actor: Account) -> JointEvent:
    """Store an event with the facts of a record."""
    event = JointEvent(
        activity_type=record.activity_type,
        host=host,
        held_on=record.held_on,
        title=record.title,
        place=record.place,
        founded_by=actor,
    )
    return registry.enter(event, actor=actor, unit=host)


def _authorise(actor: Account, unit: Unit) -> None:
    """Refuse who does not report for the unit. Raises: RuleError `not_yours`."""
    if not scope.may(actor, scope.REPORT, unit):
        message = _("You do not report for this unit; ask the bureau for the role of liaison.")
        raise RuleError("not_yours", message)


def _check_open(event: JointEvent, unit: Unit) -> None:
    """Refuse who is not part of the event, and what takes nobody in.

    Raises: RuleError `not_invited`, `event_closed`.
    """
    is_in = event.is_for_all or event.host_id == unit.pk
    if not is_in and not CoHost.objects.filter(event=event, unit=unit).exists():
        raise RuleError("not_invited", _("The host has not named your unit; ask it to do so."))
    if not event.is_open:
        raise RuleError("event_closed", _("This event takes nobody in any more; ask its host."))


def _bind(record: ActivityRecord, event: JointEvent, actor: Account, *, is_hosting: bool) -> None:
    """Make a record part of an event. Raises: RuleError `joint_already`, `joined_already`, `stale`."""
    if record.event_id is not None or record.state is Status.VOID:
        raise RuleError("joint_already", _("This record is void or part of a joint event already."))
    try:
        with transaction.atomic():
            _seat(record, event, record.unit, is_hosting=is_hosting)
    except IntegrityError as error:
        raise RuleError("joined_already", _("Your unit has a record of this event already.")) from error
    _tell(record, actor, [None, event.pk])


def _seat(record: ActivityRecord, event: JointEvent | None, seat: Unit | None, *, is_hosting: bool) -> None:
    """Change what a record says of its event, and the form that fits then, if it is still as it was read.

    A host's record keeps its form: it may be approved, and nothing of what it says changes.
    Raises: RuleError `stale`.
    """
    facts: dict[str, object] = {"event": event, "seat": seat, "is_hosting": is_hosting}
    if record.is_editable:
        full = design_of(record.activity_type)
        is_companion = event is not None and not is_hosting
        facts["form"] = version_of(record.activity_type, companion_design(full) if is_companion else full)
    claimed = ActivityRecord.objects.filter(
        pk=record.pk, version=record.version, status=record.status, event=record.event_id
    ).update(**facts)
    if not claimed:
        message = _("Somebody else has changed this record meanwhile; reload it and look again.")
        raise RuleError("stale", message)
    for name, value in facts.items():
        setattr(record, name, value)


def _closed(event: JointEvent) -> JointEvent:
    """Return the event as one that takes nobody in."""
    event.is_open = False
    return event


def _tell(record: ActivityRecord, actor: Account, change: list[int | None]) -> None:
    """Write down which event a record joined or left."""
    changes = {"event": change}
    audit.record(Deed.CHANGE, actor=actor, subject=record, unit=record.unit, changes=changes)
