"""The verbs of a reorganisation: merge one unit into another, split one off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.records.models import ActivityRecord, CoHost, JointEvent
from reports.statistics.ledger import Key
from reports.statistics.marks import mark_stale
from reports.weekly.models import WeeklyReport
from reports.weekly.obligations import let_go
from reports.weekly.stepping import locked
from units import audit, authority, grants, scope, tree
from units.models import Account, Deed, TeamUnit, Unit
from units.rules import RuleError


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merger moved: numbers of records, weekly reports, grants."""

    n_records: int
    n_reports: int
    n_grants: int


def foresee(old: Unit, new: Unit) -> Merged:
    """Return what merging `old` into `new` would move, as things stand now; nothing is written."""
    movable = WeeklyReport.objects.filter(unit=old).exclude(period__in=_taken(new))
    n_grants = len(scope.grants_on(old)) + TeamUnit.objects.filter(unit=old).count()
    return Merged(count_records(old), movable.count(), n_grants)


def count_records(unit: Unit) -> int:
    """Return how many records a unit itself has, whatever their status."""
    return ActivityRecord.objects.filter(unit=unit).count()


@transaction.atomic
def merge(old: Unit, new: Unit, *, on: dt.date, actor: Account | None) -> Merged:
    """Move all that `old` has to `new` and close `old` on the day `on`; it stays readable.

    A week for which both have filed keeps the report of each: nobody's words are lost.
    Raises: RuleError `not_yours`, `out_of_reach`, `same_unit`, `has_children`, `closed_already`,
    `before_opening`.
    """
    tree.hold()
    old, new = Unit.objects.get(pk=old.pk), Unit.objects.get(pk=new.pk)
    authority.check(actor, tree.CHANGE, old, new, field="new")
    _check_mergeable(old, new, on)
    n_reports = _move_reports(old, new, actor)
    merged = Merged(_move_records(old, new), n_reports, grants.move(old, new, actor=actor))
    _move_events(old, new)
    Unit.objects.filter(pk=old.pk).update(closed_on=on, merged_into=new)
    day, counts = on.isoformat(), {"records": merged.n_records, "reports": merged.n_reports}
    changes = {"merged_into": new.code, "closed_on": day, **counts}
    audit.record(Deed.MERGE, actor=actor, subject=old, unit=old, changes=changes)
    audit.record(Deed.MERGE, actor=actor, subject=new, unit=new, changes={"merged_from": old.code})
    return merged


@transaction.atomic
def split(unit: Unit, new: Unit, accounts: Iterable[Account], *, actor: Account | None) -> Unit:
    """Plant `new` beside `unit` and hand it those of the unit's people who go with it; history stays.

    The teams that cover `unit` cover `new` too.
    Raises: RuleError `not_yours`, `out_of_reach`, ValidationError when a field of `new` is wrong.
    """
    tree.hold()
    unit = Unit.objects.select_related("parent").get(pk=unit.pk)
    authority.check(actor, tree.CHANGE, unit)
    new.parent = unit.parent
    tree.plant(new, actor=actor)
    for account in accounts:
        grants.move(unit, new, actor=actor, account=account)
    grants.copy_coverage(unit, new, actor=actor)
    audit.record(Deed.SPLIT, actor=actor, subject=unit, unit=unit, changes={"split_off": new.code})
    return new


def _check_mergeable(old: Unit, new: Unit, on: dt.date) -> None:
    """Refuse what cannot merge, by both units as they are stored now."""
    if old.pk == new.pk:
        raise RuleError("same_unit", _("A unit cannot merge into itself; choose another one."), field="new")
    if old.children.exists():
        message = _("“%(unit)s” has units below it; move them elsewhere first.")
        raise RuleError("has_children", message % {"unit": old})
    # Of two clicks the second finds the first one's day, which may lie ahead.
    for unit, is_closed, field in (
        (old, old.closed_on is not None, ""),
        (new, new.closed_on is not None and new.closed_on <= on, "new"),
    ):
        if is_closed or not unit.is_open_on(timezone.localdate()):
            message = _("“%(unit)s” is closed or not open yet; only open units merge.")
            raise RuleError("closed_already", message % {"unit": unit}, field=field)
    if old.opened_on is not None and on <= old.opened_on:
        message = _("“%(unit)s” opened on %(day)s; choose a later day.")
        said = {"unit": old, "day": old.opened_on.isoformat()}
        raise RuleError("before_opening", message % said, field="on")


def _move_records(old: Unit, new: Unit) -> int:
    """Hand the records over and mark the totals of both; a person who has one open is told to reload."""
    rows = ActivityRecord.objects.filter(unit=old)
    # Held before they are read: an approval that commits in between would leave its mark at `old` alone.
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    marks = [
        (record.period, Key(unit.pk, record.period_id, record.activity_type_id))
        for record in rows.approved().select_related("period").order_by("pk")
        for unit in (old, new)
    ]
    n_records = rows.update(unit=new, version=F("version") + 1, changed_at=timezone.now())
    mark_stale(marks)
    return n_records


def _move_events(old: Unit, new: Unit) -> None:
    """Let the new unit host and take part where the old one did.

    A record keeps the seat that it joined for: where both units had joined one event, both records stay, for
    their attendances are those of different people, and what counts once stands in the host's alone.
    """
    JointEvent.objects.filter(host=old).update(host=new)
    known = CoHost.objects.filter(unit=new).values("event")
    CoHost.objects.filter(unit=old, event__in=known).delete()
    CoHost.objects.filter(unit=old).update(unit=new)


def _move_reports(old: Unit, new: Unit, actor: Account | None) -> int:
    """Hand over the weekly reports of the periods for which the new unit has none."""
    taken = _taken(new)
    let_go(locked(WeeklyReport.objects.open().filter(unit=old, period__in=taken)), actor=actor)
    movable = WeeklyReport.objects.filter(unit=old).exclude(period__in=taken)
    return movable.update(unit=new, version=F("version") + 1)


def _taken(new: Unit) -> list[int]:
    """Return the periods for which the unit has a report of its own, owed or filed."""
    return list(WeeklyReport.objects.filter(unit=new).values_list("period", flat=True))
