"""The verbs that place units in the tree; nothing else writes `Unit.path`."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from units import audit, authority, doorbell, paths
from units.models import Account, Deed, TreeChange, Unit
from units.pinyin import initials
from units.rules import RuleError

ADD, CHANGE = "units.add_unit", "units.change_unit"


@transaction.atomic
def plant(unit: Unit, *, actor: Account | None) -> Unit:
    """Store a new unit under its parent and write down where it stands.

    Raises: RuleError `not_yours`, `out_of_reach`, ValidationError when a field or a constraint refuses the
    unit.
    """
    hold()
    authority.check(actor, ADD, _as_stored(unit.parent), field="parent")
    unit.full_clean(exclude=["path"])
    unit.initials = initials(unit.name)
    unit.save(force_insert=True)
    unit.path = paths.join(_parent_paths([unit]).get(unit.parent_id, ""), unit.pk)
    unit.save(update_fields=["path"])
    audit.record(
        Deed.CREATE, actor=actor, subject=unit, unit=unit, changes={"code": unit.code, "name": unit.name}
    )
    return unit


@transaction.atomic
def plant_many(new: Iterable[Unit], *, actor: Account | None) -> list[Unit]:
    """Store validated new units whose parents are stored already; one audit row each.

    A list reaches any unit, so whoever brings it oversees them all. Raises: RuleError `not_yours`,
    `out_of_reach`. Queries: three per 1,000 units, one per 5,000 parents, two about the actor.
    """
    hold()
    authority.check(actor, ADD, None)
    units = list(new)
    for unit in units:
        unit.initials = initials(unit.name)
    stored = Unit.objects.bulk_create(units, batch_size=1000)
    above = _parent_paths(stored)
    for unit in stored:
        unit.path = paths.join(above.get(unit.parent_id, ""), unit.pk)
    Unit.objects.bulk_update(stored, ["path"], batch_size=1000)
    audit.record_many(
        audit.entry(
            Deed.CREATE, actor=actor, subject=unit, unit=unit, changes={"code": unit.code, "name": unit.name}
        )
        for unit in stored
    )
    return stored


@transaction.atomic
def move(unit: Unit, parent: Unit | None, *, actor: Account | None) -> Unit:
    """Put a unit with its whole subtree under another parent, or at the top; the paths follow.

    What is derived from the tree, the totals above all, follows by the TreeChange row.
    Raises: RuleError `not_yours`, `out_of_reach`, `into_itself`.
    Queries: the same for one unit and for a large subtree.
    """
    hold()
    unit.refresh_from_db()
    parent = _as_stored(parent)
    authority.check(actor, CHANGE, unit, parent, field="parent")
    parent_path = parent.path if parent else ""
    if paths.covers(unit.path, parent_path):
        message = _("“%(unit)s” cannot move below itself; choose a parent outside its subtree.")
        raise RuleError("into_itself", message % {"unit": unit}, field="parent")
    old, new, former = unit.path, paths.join(parent_path, unit.pk), unit.parent
    if old == new:
        return unit
    rest = Substr(F("path"), len(old) + 1, output_field=CharField())
    Unit.objects.under(unit).update(path=Concat(Value(new), rest, output_field=CharField()))
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    TreeChange.objects.create(unit=unit, from_path=old, to_path=new)
    changes = {"parent": [former.code if former else None, parent.code if parent else None]}
    audit.record(Deed.CHANGE, actor=actor, subject=unit, unit=unit, changes=changes)
    doorbell.ring("tasks.tally")
    unit.refresh_from_db()
    return unit


def _as_stored(unit: Unit | None) -> Unit | None:
    """Return the unit as it stands in the tree now: one read earlier may have moved since."""
    return Unit.objects.get(pk=unit.pk) if unit else None


def _parent_paths(children: list[Unit]) -> dict[int | None, str]:
    """Return the present path of each parent by number: one read earlier may have moved since."""
    wanted = sorted({unit.parent_id for unit in children if unit.parent_id is not None})
    found: dict[int | None, str] = {}
    for start in range(0, len(wanted), 5000):
        found.update(Unit.objects.filter(pk__in=wanted[start : start + 5000]).values_list("pk", "path"))
    return found


def hold() -> None:
    """Keep the tree still until the commit: moves, and readers of many paths, pass one after the other.

    The roots' rows are the lock; on SQLite the transaction has locked all writers out already.
    """
    if connection.features.has_select_for_update:
        list(Unit.objects.filter(parent=None).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def wrong_paths() -> list[tuple[Unit, str]]:
    """Return each unit whose stored path is not what its parents say, with the right path."""
    stored = {unit.pk: unit for unit in Unit.objects.all()}
    right: dict[int, str] = {}

    def path_of(pk: int) -> str:
        if pk not in right:
            parent = stored[pk].parent_id
            right[pk] = paths.join(path_of(parent) if parent else "", pk)
        return right[pk]

    return [(unit, path_of(pk)) for pk, unit in stored.items() if unit.path != path_of(pk)]


@transaction.atomic
def repair_paths(*, actor: Account | None) -> int:
    """Derive every wrong path from the parents anew; return how many were wrong."""
    hold()
    wrong = wrong_paths()
    for unit, path in wrong:
        audit.record(Deed.REPAIR, actor=actor, subject=unit, unit=unit, changes={"path": [unit.path, path]})
        unit.path = path
    Unit.objects.bulk_update([unit for unit, _path in wrong], ["path"], batch_size=1000)
    return len(wrong)
