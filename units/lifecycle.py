"""The verbs on one unit that leave the tree as it is: amend its facts, close it, open it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from units import audit, authority, registry
from units.models import Account, Deed, Unit
from units.pinyin import initials
from units.rules import RuleError
from units.tree import CHANGE

HEADS = frozenset({"n_staff", "n_party_members", "n_students"})


@transaction.atomic
def amend(unit: Unit, fields: Iterable[str], *, actor: Account | None) -> Unit:
    """Store the named facts of a unit; a new name brings new initials, new head-counts need their day.

    Raises: RuleError `not_yours`, `out_of_reach`, `counted_on_missing`, ValidationError when a field or a
    constraint refuses the unit.
    """
    authority.check(actor, CHANGE, unit)
    names = set(fields)
    if names & HEADS and unit.has_heads and unit.counted_on is None:
        message = _("Say on which day the heads were counted; a number without its day cannot be compared.")
        raise RuleError("counted_on_missing", message, field="counted_on")
    registry.amend(unit, names, actor=actor, unit=unit)
    if "name" in names:
        unit.initials = initials(unit.name)
        Unit.objects.filter(pk=unit.pk).update(initials=unit.initials)
    return unit


@transaction.atomic
def close(unit: Unit, *, on: dt.date, actor: Account | None) -> Unit:
    """Close a unit from the day `on`, the first on which it no longer exists; it stays readable.

    Units below it stay as they are.
    Raises: RuleError `not_yours`, `out_of_reach`, `closed_already`, `before_opening`.
    """
    stored = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    authority.check(actor, CHANGE, stored)
    if stored.closed_on is not None:
        message = _("“%(unit)s” is closed from %(day)s on already; open it again first.")
        raise RuleError("closed_already", message % {"unit": stored, "day": stored.closed_on.isoformat()})
    if stored.opened_on is not None and on <= stored.opened_on:
        message = _("“%(unit)s” opened on %(day)s; choose a later day.")
        raise RuleError(
            "before_opening", message % {"unit": stored, "day": stored.opened_on.isoformat()}, field="on"
        )
    return _set_closed_on(stored, on, actor)


@transaction.atomic
def reopen(unit: Unit, *, actor: Account | None) -> Unit:
    """Take the closing of a unit back, as if it had never been closed.

    Raises: RuleError `not_yours`, `out_of_reach`, `not_closed`, `merged`: what was its own belongs to
    another unit by now.
    """
    stored = Unit.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=unit.pk)
    authority.check(actor, CHANGE, stored)
    if stored.closed_on is None:
        raise RuleError("not_closed", _("“%(unit)s” is not closed.") % {"unit": stored})
    if stored.merged_into is not None:
        message = _("“%(unit)s” was merged into “%(other)s” and stays closed; plant a new unit instead.")
        raise RuleError("merged", message % {"unit": stored, "other": stored.merged_into})
    return _set_closed_on(stored, None, actor)


def _set_closed_on(unit: Unit, day: dt.date | None, actor: Account | None) -> Unit:
    """Store the day and write down what it was and became."""
    changes = {"closed_on": [unit.closed_on and unit.closed_on.isoformat(), day and day.isoformat()]}
    unit.closed_on = day
    unit.save(update_fields=["closed_on"])
    audit.record(Deed.CHANGE, actor=actor, subject=unit, unit=unit, changes=changes)
    return unit
