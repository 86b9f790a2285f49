"""The verb that imports units: all rows of a plan in one transaction, or none."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from units import audit, authority, tree
from units.importing.plan import Fate, Item, Options, Plan, make_plan
from units.importing.table import Table
from units.importing.values import FACTS
from units.models import Account, Deed, Unit
from units.pinyin import initials
from units.rules import RuleError


def carry_out(table: Table, options: Options, *, actor: Account | None, source: str) -> Plan:
    """Plan anew under lock, then plant, change and move; a second run finds nothing to do.

    `source` is the name of the file, for the audit trail.
    Raises: RuleError `not_yours`, `out_of_reach`, `problems` where a row has an error, `into_itself` where a
    unit would move below itself, `stale` where somebody else planted one of the units meanwhile.
    """
    try:
        with transaction.atomic():
            return _carry_out(table, options, actor, source)
    except IntegrityError as error:
        message = _("Somebody else has entered one of these units meanwhile; look at a new preview.")
        raise RuleError("stale", message) from error


def _carry_out(table: Table, options: Options, actor: Account | None, source: str) -> Plan:
    """Do it; the tree is held still first, so that the plan cannot grow old."""
    tree.hold()
    authority.check(actor, "units.import_unit", None)
    plan = make_plan(table, options)
    if plan.problems:
        message = _("Nothing was imported: %(count)d errors have to be corrected in the file first.")
        raise RuleError("problems", message % {"count": len(plan.problems)})
    new = sorted((item for item in plan.items if item.fate is Fate.NEW), key=lambda item: item.wave)
    for _wave, items in groupby(new, key=lambda item: item.wave):
        tree.plant_many([item.unit for item in items], actor=actor)
    changed = [item for item in plan.items if item.fate is Fate.CHANGED]
    _change([item for item in changed if item.changes.keys() != {"parent"}], actor)
    for item in changed:
        if "parent" in item.changes:
            tree.move(item.unit, item.unit.parent, actor=actor)
    if new or changed:
        counts = {fate.value: plan.count(fate) for fate in Fate}
        audit.record(Deed.IMPORT, actor=actor, changes={"file": source, **counts})
    return plan


def _change(items: Iterable[Item], actor: Account | None) -> None:
    """Write the columns that the file gives; one audit row per unit. Moves are not among them."""
    rows = list(items)
    for item in rows:
        item.unit.initials = initials(item.unit.name)
    Unit.objects.bulk_update([item.unit for item in rows], [*FACTS, "initials", "kind"], batch_size=500)
    audit.record_many(
        audit.entry(
            Deed.CHANGE,
            actor=actor,
            subject=item.unit,
            unit=item.unit,
            changes={name: change for name, change in item.changes.items() if name != "parent"},
        )
        for item in rows
    )
