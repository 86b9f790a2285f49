"""The verb that imports a ledger: all rows of a plan in one transaction, or none.

It writes set-wise what `workflow.create`, `edit` and `submit` write one by one: the row, a step and an audit
row for each of them. A test compares the two.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.designing import version_of
from reports.campaigns.models import FormVersion
from reports.records import holding, states
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
from units.rows import insert
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


@dataclass(frozen=True, slots=True)
class Writer:
    """Makes the unsaved rows of one import: whose they are, in which forms, and when."""

    unit: Unit
    actor: Account
    forms: dict[int, FormVersion]
    now: dt.datetime

    def new_record(self, item: Item) -> ActivityRecord:
        """Return the record of a new row, as a draft."""
        kind, period = item.table.layout.activity_type, item.period
        assert period is not None  # noqa: S101 - for the type checker; what is new has been judged
        # By their numbers: setting an object on a row takes longer than all the rest of it.
        return ActivityRecord(
            unit_id=self.unit.pk,
            activity_type_id=kind.pk,
            author_id=self.actor.pk,
            form_id=self.forms[kind.pk].pk,
            period_id=period.pk,
            key=key_of(item.key, self.unit) if item.key else uuid.uuid4(),
            created_at=self.now,
            changed_at=self.now,
            **item.content.columns(),
        )

    def steps(self, item: Item, record: ActivityRecord) -> Iterator[Step]:
        """Yield the steps by which a record comes to where its row says, and bring it there one by one."""
        if item.record is None:
            yield Step(record, Verb.EDIT, "", record.status, record.version, None)
        elif (old := Content.of(record)) != item.content:
            record.form = self.forms[item.table.layout.activity_type.pk]
            record.period = item.period  # type: ignore[assignment]
            for name, value in item.content.columns().items():
                setattr(record, name, value)
            yield self._taken(record, Verb.EDIT, changes_of(old, record, record.state, ""))
        if item.is_handed_in:
            record.doubts = [doubt.as_json() for doubt in item.doubts]
            yield self._taken(record, Verb.SUBMIT, {})

    def _taken(self, record: ActivityRecord, verb: Verb, changes: dict[str, object]) -> Step:
        """Take one step, as `workflow` does: status, version and stamps."""
        before, after = record.status, states.TABLE[verb][record.state].value
        if before != after:
            changes["status"] = [before, after]
        record.status, record.version = after, record.version + 1
        for name, value in stamps(record, verb, self.actor, self.now).items():
            setattr(record, name, value)
        return Step(record, verb, before, after, record.version, changes)

    def transition(self, step: Step, files: dict[str, object]) -> Transition:
        """Return the row of one step; a submission keeps its content, so that rounds can be compared."""
        return Transition(
            record_id=step.record.pk,
            verb=step.verb.value,
            from_status=step.before,
            to_status=step.after,
            version=step.version,
            actor_id=self.actor.pk,
            content=as_submitted(step.record, files) if step.verb is Verb.SUBMIT else {},
            at=self.now,
        )

    def entries(self, steps: Iterable[Step]) -> Iterator[AuditEntry]:
        """Yield one audit row per step."""
        for step in steps:
            deed = Deed.CREATE if step.changes is None else DEEDS[step.verb]
            yield audit.entry(
                deed, actor=self.actor, subject=step.record, unit=self.unit, changes=step.changes
            )


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
    """Write what is new and what changes, by the thousand: so many at once lie in memory."""
    forms, now = _forms(plan), timezone.now()
    work = [item for item in plan.items if item.fate is not Fate.UNCHANGED]
    for start in range(0, len(work), BATCH):
        _write_some(work[start : start + BATCH], Writer(plan.unit, actor, forms, now))


def _write_some(items: list[Item], writer: Writer) -> None:
    """Write records, steps and audit rows."""
    fresh: list[ActivityRecord] = []
    stored: list[ActivityRecord] = []
    steps: list[Step] = []
    for item in items:
        record = item.record or writer.new_record(item)
        steps += writer.steps(item, record)
        (stored if item.record else fresh).append(record)
    insert(fresh)
    _rewrite(stored)
    files = holding.as_json_of(record.pk for record in stored) if stored else {}
    insert([writer.transition(step, files.get(step.record.pk, {})) for step in steps])
    audit.record_many(writer.entries(steps))


def _forms(plan: Plan) -> dict[int, FormVersion]:
    """Return the stored form of each type among the rows that change anything. Queries: one per type."""
    layouts = {
        item.table.layout.activity_type.pk: item.table.layout
        for item in plan.items
        if item.fate is not Fate.UNCHANGED
    }
    return {pk: version_of(layout.activity_type, layout.design) for pk, layout in layouts.items()}


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
