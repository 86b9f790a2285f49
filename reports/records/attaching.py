"""The verbs on photos and files: attach, detach, look at; each writes its audit row.

A file is looked through before anything is written. What belongs to a record claims that the unit may still
change it, so that an approved record's files are fixed; of a form that was not saved yet it belongs to the
author and the form's key, until the record is stored and adopts it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.records.files import care, inspecting, shelf
from reports.records.files.inspecting import FIELD, Found
from reports.records.files.querysets import AttachmentQuerySet
from reports.records.holding import adopt
from reports.records.models import ActivityRecord, Attachment, StoredFile
from reports.records.states import Status
from units import audit, scope
from units.doorbell import ring
from units.models import Account, Deed, Unit
from units.rules import RuleError

logger = logging.getLogger(__name__)

MOST_FILES = 20
MOST_WAITING = 60
EDITABLE = [Status.DRAFT.value, Status.RETURNED.value]
MEBIBYTE = 1024 * 1024

State = StoredFile.State


def attach(record: ActivityRecord, upload: UploadedFile[bytes], *, actor: Account) -> Attachment:
    """Hang a file on a record that the unit may still change; the same content twice is once.

    Raises: RuleError `not_yours`, `wrong_state`, `too_many`, `quota`, `infected`, and those of
    `inspecting.inspect`.
    """
    _authorise(record, actor)
    with _workplace(upload) as folder:
        return _store(inspecting.inspect(upload, folder), record.key, actor, record)


def attach_to_form(key: uuid.UUID, upload: UploadedFile[bytes], *, actor: Account) -> Attachment:
    """Keep a file for the person's own form with this key; on its record where that is stored already.

    Raises: RuleError as `attach`.
    """
    record = ActivityRecord.objects.filter(author=actor, key=key).select_related("unit").first()
    if record is not None:
        return attach(record, upload, actor=actor)
    with _workplace(upload) as folder:
        return _store(inspecting.inspect(upload, folder), key, actor)


@transaction.atomic
def detach(attachment: Attachment, *, actor: Account) -> None:
    """Take a file off its record or form; its bytes go when nothing shows them for a day.

    Raises: RuleError `not_yours`, `wrong_state`, `stale`.
    """
    if attachment.record is not None:
        _authorise(attachment.record, actor)
        _claim(attachment.record)
    elif attachment.author_id != actor.pk:
        raise _not_yours()
    # By what was loaded: one that a record has adopted meanwhile is that record's.
    n_deleted, _models = Attachment.objects.filter(pk=attachment.pk, record=attachment.record).delete()
    if not n_deleted:
        raise RuleError("stale", _("This file has changed meanwhile; reload the page."), field=FIELD)
    _note(attachment, actor, is_new=False)


def look_at(attachment: Attachment, *, actor: Account) -> IO[bytes]:
    """Open a file for a person who may see it, once its bytes are proven, and note the download.

    Raises: RuleError `pending`, `infected`, `damaged`.
    """
    stored = attachment.file
    if not stored.is_ready:
        raise RuleError(stored.state, _("“%(name)s”: %(state)s.") % _facts(attachment))
    file = care.proven(stored)
    if file is None:
        raise RuleError("damaged", _("“%(name)s” is damaged; the bureau has been told.") % _facts(attachment))
    audit.record(
        Deed.DOWNLOAD,
        actor=actor,
        subject=attachment.record or attachment,
        unit=_unit_of(attachment),
        changes={"file": attachment.name, "sha256": stored.sha256},
    )
    return file


@contextmanager
def _workplace(upload: UploadedFile[bytes]) -> Iterator[Path]:
    """Give a folder for one upload. Raises: RuleError `no_room` where the disk does not take the file."""
    try:
        with shelf.workplace() as folder:
            yield folder
    except OSError as error:
        logger.exception("An upload could not be kept.")
        message = _("The server could not keep “%(name)s”, and nothing was changed. Try again later.")
        facts = {"name": inspecting.shown_name(upload.name or "")}
        raise RuleError("no_room", message % facts, field=FIELD) from error


def _authorise(record: ActivityRecord, actor: Account) -> None:
    if not scope.may(actor, scope.REPORT, record.unit):
        raise _not_yours()


def _not_yours() -> RuleError:
    return RuleError("not_yours", _("These are files of another unit."), field=FIELD)


def _claim(record: ActivityRecord) -> None:
    """Hold the record as long as its files change; the version stays, for files are no part of it.

    Raises: RuleError `wrong_state`.
    """
    open_ones = ActivityRecord.objects.filter(pk=record.pk, status__in=EDITABLE)
    if not open_ones.update(changed_at=timezone.now()):
        message = _("This record has been handed in, so its files stay as they are; reload the page.")
        raise RuleError("wrong_state", message, field=FIELD)


@transaction.atomic
def _store(found: Found, key: uuid.UUID, actor: Account, record: ActivityRecord | None = None) -> Attachment:
    """Write the row of the content, put the bytes in place, hang them on; one commit publishes all of it."""
    if record is not None:
        _claim(record)
    siblings = record.attachments.all() if record else Attachment.objects.of_form(actor, key)
    _check_room(siblings, found, actor, record.unit if record else actor.unit)
    stored = _content(found)
    twin: Attachment | None = siblings.filter(file=stored).first()
    if twin is not None:
        return twin
    place = siblings.order_by().aggregate(last=Max("position"))["last"]
    attachment = Attachment.objects.create(
        record=record, author=actor, key=key, file=stored, name=found.name, position=(place or 0) + 1
    )
    _note(attachment, actor, is_new=True)
    if record is None:
        transaction.on_commit(partial(_adopt_if_stored, actor, key))
    return attachment


def _adopt_if_stored(author: Account, key: uuid.UUID) -> None:
    """Give a file to the record that was stored while the file was on its way."""
    record = ActivityRecord.objects.filter(author=author, key=key).first()
    if record is not None:
        adopt(record)


def _content(found: Found) -> StoredFile:
    """Return the row of a content, new or touched, with its bytes in place.

    The row comes first: who sweeps the same content at this moment holds it, and the bytes are put in place
    after that one is done. Raises: RuleError `infected`.
    """
    stored = _row(found)
    if stored.state == State.INFECTED:
        raise RuleError(
            "infected", _("The virus scanner refuses “%(name)s”.") % {"name": found.name}, field=FIELD
        )
    if found.thumbnail is not None:
        shelf.keep(found.thumbnail, shelf.thumbnail_of(found.sha256))
    shelf.keep(found.path, shelf.path_of(found.sha256))
    if stored.state == State.PENDING:
        ring("tasks.scan_files")
    return stored


def _row(found: Found) -> StoredFile:
    """Return the row of a content, held until the end of the transaction."""
    known = StoredFile.objects.filter(sha256=found.sha256)
    # The right bytes are about to be put in place of damaged ones.
    known.filter(state=State.DAMAGED).update(state=care.first_state(), verified_at=timezone.now())
    if not known.update(touched_at=timezone.now()):
        try:
            with transaction.atomic():
                return StoredFile.objects.create(
                    sha256=found.sha256,
                    media_type=found.kind.media_type,
                    size=found.size,
                    width=found.width,
                    height=found.height,
                    state=care.first_state(),
                )
        except IntegrityError:
            # Somebody else hands in the same content at this moment.
            known.update(touched_at=timezone.now())
    return known.get()


def _check_room(siblings: AttachmentQuerySet, found: Found, actor: Account, unit: Unit | None) -> None:
    """Refuse the file that is one too many for its record, its form or its unit.

    Raises: RuleError `too_many`, `quota`.
    """
    n_waiting = Attachment.objects.not_adopted().filter(author=actor).count()
    if siblings.count() >= MOST_FILES or n_waiting >= MOST_WAITING:
        message = _("A record takes %(most)d files; remove one before you add “%(name)s”.")
        raise RuleError("too_many", message % {"most": MOST_FILES, "name": found.name}, field=FIELD)
    of_unit = StoredFile.objects.filter(attachments__record__unit=unit)
    used = of_unit.aggregate(used=Sum("size"))["used"] or 0
    if unit is not None and used + found.size > settings.ATTACHMENT_QUOTA_MB * MEBIBYTE:
        message = _("The files of %(unit)s have used up their %(most)s MB; ask the bureau for more.")
        raise RuleError("quota", message % {"unit": unit, "most": settings.ATTACHMENT_QUOTA_MB}, field=FIELD)


def _note(attachment: Attachment, actor: Account, *, is_new: bool) -> None:
    """Write the audit row of a file that came or went."""
    known = {FIELD: attachment.name, "sha256": attachment.file.sha256}
    audit.record(
        Deed.CHANGE,
        actor=actor,
        subject=attachment.record or attachment,
        unit=_unit_of(attachment),
        changes={name: [None, value] if is_new else [value, None] for name, value in known.items()},
    )


def _unit_of(attachment: Attachment) -> Unit | None:
    return attachment.record.unit if attachment.record else None


def _facts(attachment: Attachment) -> dict[str, str]:
    return {"name": attachment.name, "state": attachment.file.get_state_display()}
