"""The photos and files of a form: those that are there, those that come along, those to be taken off."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from reports.records import attaching
from reports.records.files.inspecting import FIELD
from reports.records.files.kinds import MAX_BYTES
from reports.records.models import ActivityRecord, Attachment, StoredFile
from units.models import Account
from units.rules import RuleError
from units.signed_in import person

# The boxes of a browser without the script: what they name is taken off when the form is sent.
DROP = "drop_file"


@dataclass(frozen=True, slots=True)
class Folder:
    """What a form holds: its stored record, or its author and key as long as there is none."""

    author: Account
    key: uuid.UUID | None
    record: ActivityRecord | None = None

    @property
    def address(self) -> str:
        """Return where a file is handed in; empty for a form without a key."""
        if self.record is not None:
            return reverse("records:file-attach", args=[self.record.pk])
        return reverse("records:file-keep", args=[self.key]) if self.key else ""

    @property
    def most_bytes(self) -> int:
        """Return how large a file may be."""
        return MAX_BYTES

    def files(self) -> list[Attachment]:
        """Return what is there, in its order. Queries: one."""
        held = Q(record=self.record) if self.record else Q(author=self.author, key=self.key)
        if self.record is None and self.key is None:
            return []
        return list(Attachment.objects.filter(held).select_related("file"))

    def n_files(self) -> int:
        """Return how many count: what the virus scanner refuses does not."""
        return sum(held.file.state != StoredFile.State.INFECTED for held in self.files())


def folder_of(request: HttpRequest, key: object, record: ActivityRecord | None) -> Folder:
    """Return the folder of the person's form with this key."""
    try:
        known = uuid.UUID(str(key))
    except ValueError:
        known = None
    return Folder(person(request), known, record)


def take_along(request: HttpRequest, folder: Folder) -> list[RuleError]:
    """Take what came along with a whole form, and off what was marked; return what was refused."""
    refused = []
    for attachment in _marked(request, folder):
        try:
            attaching.detach(attachment, actor=folder.author)
        except RuleError as error:
            refused.append(error)
    for upload in request.FILES.getlist(FIELD):
        try:
            _attach(folder, upload)
        except RuleError as error:
            refused.append(error)
    return refused


def _marked(request: HttpRequest, folder: Folder) -> list[Attachment]:
    """Return what is to be taken off."""
    numbers = {int(pk) for pk in request.POST.getlist(DROP) if pk.isdecimal()}
    return [held for held in folder.files() if held.pk in numbers] if numbers else []


def _attach(folder: Folder, upload: UploadedFile[bytes]) -> None:
    """Hang one file on the record, or on the form while there is none."""
    if folder.record is not None:
        attaching.attach(folder.record, upload, actor=folder.author)
    elif folder.key is not None:
        attaching.attach_to_form(folder.key, upload, actor=folder.author)
