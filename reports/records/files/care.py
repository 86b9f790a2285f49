"""The care of stored files: verify each, sweep what nobody shows, raise the alarm where one is damaged."""

from __future__ import annotations

import datetime as dt
import logging
import time
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from reports.records.files import shelf
from reports.records.models import ActivityRecord, Attachment, StoredFile, WorkingCopy
from units import audit
from units.models import Deed

logger = logging.getLogger(__name__)

# A form that is not saved within a day is not saved any more, and a killed upload is not at work any more.
LIFETIME = dt.timedelta(hours=24)
# Every file once in a night, however long the night's runs take.
VERIFIED_FOR = dt.timedelta(hours=20)
BATCH = 500

State = StoredFile.State


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away: files of forms never saved, contents that nobody shows, bytes without a row."""

    n_attachments: int
    n_files: int
    n_strays: int

    @property
    def is_nothing(self) -> bool:
        """Say whether there was nothing to sweep."""
        return not (self.n_attachments or self.n_files or self.n_strays)


def first_state() -> State:
    """Return how a new file begins: unseen until the scanner has judged it, where there is one."""
    return State.PENDING if settings.CLAMD_ADDRESS else State.CLEAN


def proven(stored: StoredFile) -> IO[bytes] | None:
    """Return the open file if its bytes are what its row says; else note the damage and return None."""
    try:
        file = shelf.read(shelf.path_of(stored.sha256))
    except OSError:
        file = None
    if file is not None and shelf.is_whole(file, stored.sha256):
        return file
    if file is not None:
        file.close()
    _note_damage(stored)
    return None


def verify(*, seconds: float, since: dt.datetime | None = None) -> tuple[int, int]:
    """Compare files with their hashes, the longest unverified first; return how many were looked at, and bad.

    Stops after `seconds`; files that were verified after `since` (20 hours ago) are left out.
    """
    deadline = time.monotonic() + seconds
    before = since or timezone.now() - VERIFIED_FOR
    n_seen = n_bad = 0
    while time.monotonic() < deadline:
        due = StoredFile.objects.filter(verified_at__lt=before).exclude(state=State.INFECTED)
        rows = list(due.order_by("verified_at", "id")[:BATCH])
        for stored in rows:
            n_bad += not _verify(stored)
            n_seen += 1
            if time.monotonic() >= deadline:
                break
        if len(rows) < BATCH:
            break
    return n_seen, n_bad


def sweep(*, now: dt.datetime | None = None) -> Swept:
    """Take away what belongs to no record and is older than a day; twice is once."""
    before = (now or timezone.now()) - LIFETIME
    n_attachments = _sweep_forms(before)
    unshown = StoredFile.objects.filter(touched_at__lt=before).exclude(
        Exists(Attachment.objects.filter(file=OuterRef("pk")))
    )
    n_files = sum(_sweep_file(sha256, before) for sha256 in list(unshown.values_list("sha256", flat=True)))
    n_strays = sum(_sweep_stray(sha256) for sha256 in _without_row(before))
    return Swept(n_attachments, n_files, n_strays + shelf.clear_incoming(before))


def n_damaged() -> int:
    """Return how many files are damaged or missing."""
    return StoredFile.objects.filter(state=State.DAMAGED).count()


def _verify(stored: StoredFile) -> bool:
    """Verify one file, and note it; one that was damaged and is whole again may be looked at again."""
    file = proven(stored)
    now = timezone.now()
    if file is None:
        StoredFile.objects.filter(pk=stored.pk).update(verified_at=now)
        return False
    file.close()
    StoredFile.objects.filter(pk=stored.pk, state=State.DAMAGED).update(state=first_state())
    StoredFile.objects.filter(pk=stored.pk).update(verified_at=now)
    return True


@transaction.atomic
def _note_damage(stored: StoredFile) -> None:
    """Keep a damaged file from being shown, and raise the alarm once."""
    others = StoredFile.objects.filter(pk=stored.pk).exclude(state=State.DAMAGED)
    if not others.update(state=State.DAMAGED.value):
        return
    logger.error("alarm file_damaged: file %s (%s) is damaged or missing.", stored.pk, stored.sha256)
    changes = {"rule": "file_damaged", "sha256": stored.sha256, "state": [stored.state, State.DAMAGED.value]}
    audit.record(Deed.ALERT, actor=None, subject=stored, changes=changes)


def _sweep_forms(before: dt.datetime) -> int:
    """Drop the files of forms that nobody comes back to.

    One whose record is there is that record's; one whose texts are kept to be sent later is kept with them.
    """
    saved = ActivityRecord.objects.filter(author=OuterRef("author"), key=OuterRef("key"))
    typed = WorkingCopy.objects.filter(person=OuterRef("author"), key=OuterRef("key"))
    loose = Attachment.objects.not_adopted().filter(created_at__lt=before)
    abandoned = loose.exclude(Exists(saved)).exclude(Exists(typed))
    n_dropped, _models = abandoned.delete()
    return n_dropped


@transaction.atomic
def _sweep_file(sha256: str, before: dt.datetime) -> bool:
    """Delete a content that nobody shows: its row first, so that who hands it in again waits for the end."""
    row = StoredFile.objects.filter(sha256=sha256, touched_at__lt=before)
    # Held from here on; one that was handed in again while this waited is not meant any more.
    if not row.update(verified_at=timezone.now()):
        return False
    if Attachment.objects.filter(file__sha256=sha256).exists():
        return False
    row.delete()
    shelf.remove(sha256)
    return True


def _without_row(before: dt.datetime) -> list[str]:
    """Return the stored files of which no row speaks."""
    found = sorted(set(shelf.stored(before)))
    known: set[str] = set()
    for start in range(0, len(found), BATCH):
        rows = StoredFile.objects.filter(sha256__in=found[start : start + BATCH])
        known.update(rows.values_list("sha256", flat=True))
    return [sha256 for sha256 in found if sha256 not in known]


@transaction.atomic
def _sweep_stray(sha256: str) -> bool:
    """Delete bytes without a row, behind a row of our own that holds the name for as long as that takes."""
    try:
        with transaction.atomic():
            placeholder = StoredFile.objects.create(sha256=sha256, media_type="", size=0)
    except IntegrityError:
        return False
    shelf.remove(sha256)
    placeholder.delete()
    return True
