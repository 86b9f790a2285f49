"""Verbs on rows that have no rules of their own beyond their constraints: enter one, amend one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import models, transaction

from units import audit
from units.models import Account, Deed, Unit

Row = TypeVar("Row", bound=models.Model)
PLAIN = (bool, int, str, type(None))


@transaction.atomic
def enter(row: Row, *, actor: Account | None, unit: Unit | None = None) -> Row:
    """Store a new row and write down what it says.

    Raises: ValidationError when a field or a constraint refuses it.
    """
    row.full_clean()
    row.save(force_insert=True)
    filled = {name: value for name, value in _facts(row, _names(row)).items() if value not in (None, "")}
    audit.record(Deed.CREATE, actor=actor, subject=row, unit=unit, changes=filled)
    return row


@transaction.atomic
def amend(row: Row, fields: Iterable[str], *, actor: Account | None, unit: Unit | None = None) -> Row:
    """Store the named fields of a row and write down what each was and became; nothing else is touched.

    Raises: ValidationError when a field or a constraint refuses it.
    """
    names = [name for name in _names(row) if name in set(fields)]
    # Locked, so that what is written down as old is what was overwritten.
    stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
    was, becomes = _facts(stored, names), _facts(row, names)
    changed = [name for name in names if was[name] != becomes[name]]
    if not changed:
        return row
    row.full_clean()
    row.save(update_fields=changed)
    changes = {name: [was[name], becomes[name]] for name in changed}
    audit.record(Deed.CHANGE, actor=actor, subject=row, unit=unit, changes=changes)
    return row


def _names(row: models.Model) -> list[str]:
    """Return the columns that a person fills in."""
    return [field.name for field in row._meta.concrete_fields if field.editable and not field.primary_key]


def _facts(row: models.Model, names: Iterable[str]) -> dict[str, object]:
    """Return columns as JSON can hold them; a relation by its number."""
    fields = {name: row._meta.get_field(name) for name in names}
    values = {name: getattr(row, getattr(field, "attname", name)) for name, field in fields.items()}
    return {name: value if isinstance(value, PLAIN) else str(value) for name, value in values.items()}
