"""What the audit trail says, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.db.models.options import Options

from units.models import AuditEntry

register = template.Library()


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one deed: its label, what it was where that is known, what it became."""

    label: str
    has_old: bool
    old: str
    new: str


@register.filter
def changes(entry: AuditEntry, opts: Options) -> list[Change]:  # type: ignore[type-arg]
    """Return the changes of one deed under the labels of its model's fields."""
    return [_change(name, value, opts) for name, value in entry.changes.items()]


def _change(name: str, value: object, opts: Options) -> Change:  # type: ignore[type-arg]
    """Return one change; a pair is old and new, anything else what was set."""
    try:
        label = str(getattr(opts.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        label = name
    if isinstance(value, list) and len(value) == 2:
        return Change(label, True, _shown(value[0]), _shown(value[1]))
    return Change(label, False, "", _shown(value))


def _shown(value: object) -> str:
    """Return one stored value; empty as a dash."""
    return "—" if value in (None, "") else str(value)
