"""Write the audit trail: one row per deed, in the deed's own transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from functools import partial

from django.db import models, transaction

from units import origin
from units.models import Account, AuditEntry, Deed, Unit
from units.rows import insert
from units.sealing import row_digest

Changes = Mapping[str, object]

logger = logging.getLogger(__name__)


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
        address=origin.address.get(),
        channel=origin.channel.get(),
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
    _tell([row])
    return row


def record_many(entries: Iterable[AuditEntry]) -> None:
    """Write many deeds of one set-wise verb."""
    written = list(entries)
    insert(written)
    _tell(written)


def _tell(rows: list[AuditEntry]) -> None:
    """Send each row to the log once it is committed, where the log leaves this host (LOG_FORMAT=json).

    Without what was written, which may be personal; the digest is the one that the row's seal holds.
    """
    if logger.isEnabledFor(logging.INFO):
        transaction.on_commit(partial(_log, rows))


def _log(rows: list[AuditEntry]) -> None:
    """Write one line per row."""
    for row in rows:
        logger.info("audit", extra={"facts": _facts(row)})


def _facts(row: AuditEntry) -> dict[str, object]:
    """Return what the log tells of one row."""
    return {
        "row": row.pk,
        "deed": row.deed,
        "actor": row.actor_id,
        "unit": row.unit_id,
        "object": f"{row.object_type} {row.object_id}".strip(),
        "address": row.address,
        "channel": row.channel,
        "digest": row_digest(row),
    }
