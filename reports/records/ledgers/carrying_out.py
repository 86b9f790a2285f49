"""The verb that imports a ledger: all rows of a plan in one transaction, or none.

It writes set-wise what `workflow.create`, `edit` and `submit` write one by one: the row, a step and an audit
row for each of them. A test compares the two.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from reports.campaigns.designing import version_of
from reports.campaigns.models import FormVersion
from reports.records import states
from reports.records.content import Content
from reports.records.judging import stamps
from reports.records.ledgers.handing_in import Ledger, plan_of
from reports.records.ledgers.matching import key_of
from reports.records.ledgers.planning import Item, Plan
from reports.records.models import ActivityRecord, Transition
from reports.records.states import Verb
from reports.records.workflow import DEEDS, as_submitted, changes_of
from units import audit, scope
from units.importing.plan import Fate
from units.models import Account, AuditEntry, Deed, Unit
from units.rules import RuleError

BATCH = 1000
# What no step of the unit writes: what a record is born with, and what reviewers do with it.
BORN_WITH = {"id", "unit", "activity_type", "key", "source", "author", "created_at"}
REVIEWED = {"assigned_to", "decided_by", "decided_at"}
REWRITTEN = [
    field.name for field in ActivityRecord._meta.concrete_fields if field.name not in BORN_WITH | REVIEWED
]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record's life with the state that it leaves behind."""

    record: ActivityRecord
    verb: Verb
    before: str
    after: str
    version: int
    changes: dict[str, object] | None


def carry_out(ledger: Ledger, *, actor: Account, seen: Mapping[int, int]) -> Plan:
    """Plan anew and write; a second run finds nothing to do.

    `seen` holds the versions of the records that the preview would change, by id.
    Raises: RuleError `not_yours`, `problems` where a row has an error, `stale` where a record has moved on
    since the preview. Queries: those of the plan, one per type, and six per 1,000 rows.
    """
    try:
        with transaction.atomic():
            return _carry_out(ledger, actor, seen)
    except IntegrityError as error:
        raise RuleError("stale", _moved(_("a record of this ledger"))) from error


def _carry_out(ledger: Ledger, actor: Account, seen: Mapping[int, int]) -> Plan:
    """Do it; ledgers of one unit are imported one after the other, so that two make no twins."""
    unit = Unit.objects.select_for_update(no_key=True).get(pk=ledger.unit.pk)
    if not scope.may(actor, scope.REPORT, unit):
        raise RuleError(
            "not_yours", _("You do not report for this unit; ask the bureau for the role of liaison.")
        )
    plan = plan_of(ledger)
    if plan.problems:
        message = _("Nothing was imported: %(count)d errors have to be corrected in the file first.")
        raise RuleError("problems", message % {"count": len(plan.problems)})
    _claim(plan.of(Fate.CHANGED), seen)
    _write(plan, actor)
    return plan


def _claim(changed: list[Item], seen: Mapping[int, int]) -> None:
    """Lock the rows that change, and make sure that they are as the preview showed them.

    On PostgreSQL the rows are locked; on SQLite the transaction itself has locked out every writer.
    Raises: RuleError `stale` naming the first one that is not.
    """
    records = [item.record for item in changed if item.record is not None]
    stored: dict[int, int] = {}
    for start in range(0, len(records), BATCH):
        ids = [record.pk for record in records[start : start + BATCH]]
        rows = ActivityRecord.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
        stored.update(rows.values_list("pk", "version"))
    for record in records:
        if not seen.get(record.pk) == record.version == stored[record.pk]:
            raise RuleError("stale", _moved(str(record)))


def _moved(named: str) -> str:
    """Return what is said where the portal knows more than the preview showed."""
    message = _("Nothing was imported: “%(record)s” has been changed in the portal meanwhile. Look again.")
    return message % {"record": named}


def _write(plan: Plan, actor: Account) -> None:
    """Write records, steps and audit rows of what is new and what changes."""
    forms = _forms(plan)
    fresh: list[ActivityRecord] = []
    stored: list[ActivityRecord] = []
    steps: list[Step] = []
    for item in plan.items:
        if item.fate is Fate.UNCHANGED:
            continue
        record = item.record or _new_record(item, plan.unit, actor)
        form = forms[item.table.layout.activity_type.pk]
        steps += _steps(item, record, form, actor)
        (stored if item.record else fresh).append(record)
    ActivityRecord.objects.bulk_create(fresh, batch_size=BATCH)
    _rewrite(stored)
    Transition.objects.bulk_create((_transition(step, actor) for step in steps), batch_size=BATCH)
    audit.record_many(_entries(steps, actor, plan.unit))


def _forms(plan: Plan) -> dict[int, FormVersion]:
    """Return the stored form of each type among the rows that change anything. Queries: one per type."""
    layouts = {
        item.table.layout.activity_type.pk: item.table.layout
        for item in plan.items
        if item.fate is not Fate.UNCHANGED
    }
    return {pk: version_of(layout.activity_type, layout.design) for pk, layout in layouts.items()}


def _new_record(item: Item, unit: Unit, actor: Account) -> ActivityRecord:
    """Return the unsaved record of a new row, as an empty draft."""
    return ActivityRecord(
        unit=unit,
        activity_type=item.table.layout.activity_type,
        author=actor,
        key=key_of(item.key, unit) if item.key else uuid.uuid4(),
        held_on=item.content.held_on,
    )


def _steps(item: Item, record: ActivityRecord, form: FormVersion, actor: Account) -> Iterator[Step]:
    """Yield the steps by which a record comes to where its row says, and bring it there one by one."""
    old = Content.of(record)
    if item.record is None or old != item.content:
        record.form, record.period = form, item.period  # type: ignore[assignment]
        for name, value in item.content.columns().items():
            setattr(record, name, value)
        yield _taken(record, Verb.EDIT, old, actor, is_first=item.record is None)
    if item.is_handed_in:
        record.doubts = [doubt.as_json() for doubt in item.doubts]
        yield _taken(record, Verb.SUBMIT, item.content, actor, is_first=False)


def _taken(record: ActivityRecord, verb: Verb, old: Content, actor: Account, *, is_first: bool) -> Step:
    """Take one step, as `workflow` does: status, version and stamps. The first one is the record's birth."""
    before = record.state
    if is_first:
        return Step(record, verb, "", record.status, record.version, None)
    record.status, record.version = states.TABLE[verb][before].value, record.version + 1
    for name, value in stamps(record, verb, actor).items():
        setattr(record, name, value)
    changes = changes_of(old, record, before, "")
    return Step(record, verb, before.value, record.status, record.version, changes)


def _rewrite(records: list[ActivityRecord]) -> None:
    """Write rows that are locked and stored already.

    As an insertion that meets its own id: one statement per 1,000 rows, where Django's bulk_update builds
    a CASE of every row for every column.
    """
    ActivityRecord.objects.bulk_create(
        records,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=REWRITTEN,
    )


def _transition(step: Step, actor: Account) -> Transition:
    """Return the unsaved row of one step; a submission keeps its content, so that rounds can be compared."""
    return Transition(
        record=step.record,
        verb=step.verb.value,
        from_status=step.before,
        to_status=step.after,
        version=step.version,
        actor=actor,
        content=as_submitted(step.record) if step.verb is Verb.SUBMIT else {},
    )


def _entries(steps: list[Step], actor: Account, unit: Unit) -> Iterator[AuditEntry]:
    """Yield one audit row per step."""
    for step in steps:
        deed = Deed.CREATE if step.changes is None else DEEDS[step.verb]
        yield audit.entry(deed, actor=actor, subject=step.record, unit=unit, changes=step.changes)
