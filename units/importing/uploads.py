"""Keep a handed-in list between its preview and its import: one per person, for an hour, used once."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from units.importing.carrying_out import carry_out
from units.importing.plan import Options, Plan
from units.importing.table import Table, find_table
from units.models import Account, Upload
from units.rules import RuleError
from units.workbooks.reading import read

LIFETIME = dt.timedelta(hours=1)


@transaction.atomic
def keep(name: str, content: bytes, options: Options, *, actor: Account) -> Upload:
    """Store a list that can be read, in place of the person's earlier one; drop what is too old by the way.

    Raises: WorkbookError where the file cannot be read, RuleError `no_header` where it is no list of units.
    """
    find_table(read(content, name))
    expire()
    Upload.objects.filter(account=actor, purpose=Upload.Purpose.UNITS).delete()
    return Upload.objects.create(
        account=actor, name=name, content=content, parent_code=options.parent, kind_code=options.kind
    )


def expire(now: dt.datetime | None = None) -> int:
    """Drop the uploads that are older than an hour; return how many. Twice is once."""
    before = (now or timezone.now()) - LIFETIME
    n_dropped, _models = Upload.objects.filter(created_at__lt=before).delete()
    return n_dropped


def find(key: uuid.UUID, *, actor: Account) -> Upload:
    """Return the person's own upload of that key.

    Raises: RuleError `gone` where it was used, is too old, or is somebody else's.
    """
    fresh = Upload.objects.filter(account=actor, created_at__gte=timezone.now() - LIFETIME)
    upload: Upload | None = fresh.filter(key=key, purpose=Upload.Purpose.UNITS).first()
    if upload is None:
        raise gone()
    return upload


def table_of(upload: Upload) -> Table:
    """Return the table of an upload. Raises: WorkbookError, RuleError `no_header`."""
    return find_table(read(bytes(upload.content), upload.name))


def options_of(upload: Upload) -> Options:
    """Return what the person said beside the file."""
    return Options(parent=upload.parent_code, kind=upload.kind_code)


def carry_out_upload(key: uuid.UUID, *, actor: Account) -> Plan:
    """Import an upload and use it up, in one transaction: of two clicks one imports, the other gets `gone`.

    Raises: RuleError `gone`, or as `carry_out`; the upload stays then and can be tried again.
    """
    upload = find(key, actor=actor)
    # Read before the transaction: on SQLite it keeps every other writer waiting.
    table = table_of(upload)
    with transaction.atomic():
        n_claimed, _models = Upload.objects.filter(pk=upload.pk).delete()
        if not n_claimed:
            raise gone()
        return carry_out(table, options_of(upload), actor=actor, source=upload.name)


def gone() -> RuleError:
    """Return the error of a preview that is used up, too old or somebody else's."""
    message = _("This preview is used up or older than an hour. Hand the file in again to see a new one.")
    return RuleError("gone", message)
