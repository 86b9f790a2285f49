"""Seal the audit trail into a hash chain, and find what was tampered with.

A seal asks no clock which rows are settled, for a clock jumps. It takes the rows up to a number below which
no transaction can still commit one (`horizon`), so a row that turns up below it later was inserted by hand.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from units import anchoring
from units.models import AuditEntry, AuditSeal, Deed

BATCH = 5000
KEPT_FOR = dt.timedelta(days=180)
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which the trail is not what was sealed: a row's number, or a seal's."""

    row_id: int | None
    seal_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Purge:
    """One purge as the trail tells of it: the last number that went, and when."""

    up_to: int
    at: dt.datetime


def row_digest(entry: AuditEntry) -> str:
    """Return the SHA-256 of one row's content, as hexadecimal digits."""
    content = [
        entry.pk,
        _moment(entry.at),
        entry.actor_id,
        entry.actor_name,
        entry.deed,
        entry.unit_id,
        entry.object_type,
        entry.object_id,
        entry.object_name,
        entry.changes,
        entry.address,
        entry.channel,
    ]
    return hashlib.sha256(_canonical(content)).hexdigest()


def seal_digest(previous: str, rows: dict[str, str], at: dt.datetime) -> str:
    """Return the SHA-256 over the seal before, the digests of the rows and the moment of the seal."""
    return hashlib.sha256(_canonical([previous, rows, _moment(at)])).hexdigest()


def horizon() -> int | None:
    """Return the highest number below which every row that will ever be is there; None to ask again later.

    PostgreSQL hands out numbers before it commits, so it is asked under a lock that waits until all who
    write rows are done; it waits 0.2 s at most, so that nobody queues behind it. SQLite has one writer.
    """
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '200ms'")
                    cursor.execute(f"LOCK TABLE {AuditEntry._meta.db_table} IN SHARE MODE")
            return AuditEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != LOCK_NOT_AVAILABLE:
            raise
        return None


def seal() -> int:
    """Seal the rows behind the last seal, up to 5,000, and note the seal outside; return how many rows.

    Raises: IntegrityError when another seal was made at the same moment.
    """
    settled = horizon()
    if settled is None:
        return 0
    with transaction.atomic():
        last = AuditSeal.objects.order_by("-id").first()
        fresh = AuditEntry.objects.filter(pk__gt=last.last_id if last else 0, pk__lte=settled)
        digests = {str(entry.pk): row_digest(entry) for entry in fresh.order_by("pk")[:BATCH].iterator()}
        if not digests:
            return 0
        previous, at = last.digest if last else "", timezone.now()
        made = AuditSeal.objects.create(
            last_id=max(map(int, digests)),
            rows=digests,
            previous=previous,
            digest=seal_digest(previous, digests, at),
            at=at,
        )
        transaction.on_commit(lambda: anchoring.note(made))
    return len(digests)


def first_break() -> Break | None:
    """Return the first row or seal that is not as it was sealed; None when the chain holds.

    Last, each seal that was noted outside the database has to be in it still.
    """
    previous, start = "", 0
    purges = _purges()
    for link in AuditSeal.objects.order_by("id").iterator(chunk_size=10):
        if link.previous != previous or link.digest != seal_digest(previous, link.rows, link.at):
            return Break(None, link.pk, _("the seal itself was changed, or one before it is missing"))
        found = next(_breaks(link, start, purges), None)
        if found is not None:
            return found
        previous, start = link.digest, link.last_id
    lost = anchoring.first_lost()
    return None if lost is None else Break(None, lost, _("the seal was noted outside and is gone or another"))


def _purges() -> list[Purge]:
    """Return the purges that the trail tells of; none can have been made in days to come."""
    told = AuditEntry.objects.filter(deed=Deed.PURGE)
    now = timezone.now()
    rows = [(entry.changes.get("up_to"), entry.at) for entry in told]
    return [Purge(up_to, min(at, now)) for up_to, at in rows if isinstance(up_to, int)]


def _breaks(link: AuditSeal, start: int, purges: list[Purge]) -> Iterator[Break]:
    """Yield the rows of one seal that were changed, deleted or inserted, by number.

    A purge accounts for the rows of a seal that was old enough for it, and only if all of them are gone.
    """
    found = AuditEntry.objects.filter(pk__gt=start, pk__lte=link.last_id)
    stored = {str(entry.pk): row_digest(entry) for entry in found.iterator()}
    if not stored and any(link.last_id <= one.up_to and link.at <= one.at - KEPT_FOR for one in purges):
        return
    for number in sorted(link.rows.keys() | stored.keys(), key=int):
        if number not in stored:
            yield Break(int(number), link.pk, _("the row was deleted"))
        elif number not in link.rows:
            yield Break(int(number), link.pk, _("the row was inserted afterwards"))
        elif stored[number] != link.rows[number]:
            yield Break(int(number), link.pk, _("the row was changed"))


def _moment(at: dt.datetime) -> str:
    """Return a moment in UTC with its offset, to the microsecond."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _canonical(content: object) -> bytes:
    """Return one spelling of a JSON value, whatever the order of its keys."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
