"""Keep a handed-in list of people between its preview and its confirmation: as lists of units are kept."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from units.importing.uploads import LIFETIME, expire, gone
from units.inviting.carrying_out import invite
from units.inviting.slips import Slip
from units.inviting.table import People, find_people
from units.models import Account, Upload
from units.workbooks.reading import read

PEOPLE = Upload.Purpose.PEOPLE


@transaction.atomic
def keep(name: str, content: bytes, *, actor: Account) -> Upload:
    """Store a list that can be read, in place of the person's earlier one; drop what is too old by the way.

    Raises: WorkbookError where the file cannot be read, RuleError `no_header` where it is no list of people.
    """
    find_people(read(content, name))
    expire()
    Upload.objects.filter(account=actor, purpose=PEOPLE).delete()
    return Upload.objects.create(account=actor, purpose=PEOPLE, name=name, content=content)


def find(key: uuid.UUID, *, actor: Account) -> Upload:
    """Return the person's own list of that key. Raises: RuleError `gone`."""
    fresh = Upload.objects.filter(account=actor, created_at__gte=timezone.now() - LIFETIME)
    upload: Upload | None = fresh.filter(key=key, purpose=PEOPLE).first()
    if upload is None:
        raise gone()
    return upload


def people_of(upload: Upload) -> People:
    """Return the rows of a list. Raises: WorkbookError, RuleError `no_header`."""
    return find_people(read(bytes(upload.content), upload.name))


def invite_upload(key: uuid.UUID, *, actor: Account) -> list[Slip]:
    """Invite the people of a list and use it up, in one transaction: of two clicks the other gets `gone`.

    Raises: RuleError `gone`, or as `invite`; the list stays then and can be tried again.
    """
    upload = find(key, actor=actor)
    lines = people_of(upload).lines
    return invite(lines, actor=actor, using_up=upload)
