"""Write the audit trail: one row per deed, in the deed's own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar

from django.db import models

from units.models import Account, AuditEntry, Deed, Unit

Changes = Mapping[str, object]

# Set by the middleware for the length of a request; empty in commands and tasks.
address: ContextVar[str | None] = ContextVar("address", default=None)


def entry(
    deed: Deed,
    *,
    actor: Account | None,
    subject: models.Model | None = None,
    unit: Unit | None = None,
    changes: Changes | None = None,
) -> AuditEntry:
    """Return the unsaved row of one deed; `changes` maps a field to what it became or to [old, new]."""
    return AuditEntry(
        deed=deed,
        actor=actor,
        actor_name=str(actor) if actor else "",
        unit_id=unit.pk if unit else None,
        object_type=subject._meta.label_lower if subject else "",
        object_id=str(subject.pk) if subject else "",
        object_name=str(subject)[:200] if subject else "",
        changes=dict(changes or {}),
        address=address.get(),
    )


def record(
    deed: Deed,
    *,
    actor: Account | None,
    subject: models.Model | None = None,
    unit: Unit | None = None,
    changes: Changes | None = None,
) -> AuditEntry:
    """Write one deed; call it inside the transaction of the deed: no audit, no deed."""
    row = entry(deed, actor=actor, subject=subject, unit=unit, changes=changes)
    row.save(force_insert=True)
    return row


def record_many(entries: Iterable[AuditEntry]) -> None:
    """Write many deeds of one set-wise verb, in batches of 1,000."""
    AuditEntry.objects.bulk_create(list(entries), batch_size=1000)
