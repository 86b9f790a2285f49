"""Seal the audit trail into a hash chain, and find what was tampered with.

A seal is made some minutes after its rows, so that a transaction that took a number early and
committed late is still among them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from units.models import AuditEntry, AuditSeal

SETTLES_AFTER = dt.timedelta(minutes=10)
BATCH = 5000


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the trail is not what was sealed: a row's number, or a seal's."""

    row_id: int | None
    seal_id: int
    reason: str


def row_digest(entry: AuditEntry) -> str:
    """Return the SHA-256 of one row's content, as hexadecimal digits."""
    content = [
        entry.pk,
        entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.deed,
        entry.unit_id,
        entry.object_type,
        entry.object_id,
        entry.object_name,
        entry.changes,
        entry.address,
    ]
    return hashlib.sha256(_canonical(content)).hexdigest()


def seal_digest(previous: str, rows: dict[str, str]) -> str:
    """Return the SHA-256 over the seal before and the digests of the rows."""
    return hashlib.sha256(_canonical([previous, rows])).hexdigest()


@transaction.atomic
def seal(*, now: dt.datetime | None = None) -> int:
    """Seal the settled rows behind the last seal, up to 5,000; return how many.

    Two clocks at once: the unique link to the seal before lets one through; the other seals later.

    Raises: IntegrityError when another seal was made at the same moment.
    """
    last = AuditSeal.objects.order_by("-id").first()
    before = (now or timezone.now()) - SETTLES_AFTER
    rows = list(AuditEntry.objects.filter(pk__gt=last.last_id if last else 0).order_by("pk")[:BATCH])
    settled = [entry for entry in rows if entry.at <= before]
    # A young row among older numbers: stop in front of it, so that none is passed over.
    young = next((entry.pk for entry in rows if entry.at > before), None)
    settled = [entry for entry in settled if young is None or entry.pk < young]
    if not settled:
        return 0
    digests = {str(entry.pk): row_digest(entry) for entry in settled}
    previous = last.digest if last else ""
    AuditSeal.objects.create(
        last_id=settled[-1].pk, rows=digests, previous=previous, digest=seal_digest(previous, digests)
    )
    return len(settled)


def first_break() -> Break | None:
    """Return the first row or seal that is not as it was sealed; None when the chain holds."""
    previous, start = "", 0
    for link in AuditSeal.objects.order_by("id").iterator():
        if link.previous != previous or link.digest != seal_digest(previous, link.rows):
            return Break(None, link.pk, _("the seal itself was changed, or one before it is missing"))
        found = next(_breaks(link, start), None)
        if found is not None:
            return found
        previous, start = link.digest, link.last_id
    return None


def _breaks(link: AuditSeal, start: int) -> Iterator[Break]:
    """Yield the rows of one seal that were changed, deleted or inserted, by number."""
    stored = {str(entry.pk): entry for entry in AuditEntry.objects.filter(pk__gt=start, pk__lte=link.last_id)}
    for number in sorted(link.rows.keys() | stored.keys(), key=int):
        if number not in stored:
            yield Break(int(number), link.pk, _("the row was deleted"))
        elif number not in link.rows:
            yield Break(int(number), link.pk, _("the row was inserted afterwards"))
        elif row_digest(stored[number]) != link.rows[number]:
            yield Break(int(number), link.pk, _("the row was changed"))


def _canonical(content: object) -> bytes:
    """Return one spelling of a JSON value, whatever the order of its keys."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
