"""Leave the digests and come back, with nothing but the link from a mail."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from reports.digests.models import OutsideRecipient
from units import audit
from units.models import Account, Deed

# One salt for each kind of reader: the number of one must not speak for the other.
SALT = "digests.unsubscribe"
SALT_OUTSIDE = "digests.unsubscribe.outside"

Reader = Account | OutsideRecipient


def token_of(reader: Reader) -> str:
    """Return the token that speaks for one reader in the matter of digests, and in no other."""
    return signing.dumps(reader.pk, salt=SALT if isinstance(reader, Account) else SALT_OUTSIDE)


def reader_of(token: str) -> Reader | None:
    """Return whom a token speaks for; None where it is not ours or the reader is gone."""
    people = Account.objects.filter(is_active=True)
    outside = OutsideRecipient.objects.filter(is_active=True)
    for salt, rows in ((SALT, people), (SALT_OUTSIDE, outside)):
        try:
            pk = signing.loads(token, salt=salt)
        except signing.BadSignature:
            continue
        found: Reader | None = rows.filter(pk=pk).first()
        return found
    return None


def unsubscribe_url(reader: Reader) -> str:
    """Return the absolute address that a mail carries."""
    return settings.BASE_URL + reverse("digests:unsubscribe", args=[token_of(reader)])


@transaction.atomic
def subscribe(reader: Reader, *, wants: bool) -> Reader:
    """Switch the weekly digest on or off for a reader; twice is once. Who has no account acts as nobody."""
    rows = type(reader)._default_manager.filter(pk=reader.pk, wants_digest=not wants)
    if rows.update(wants_digest=wants):
        person = reader if isinstance(reader, Account) else None
        changes = {"wants_digest": [not wants, wants]}
        unit = person.unit if person else None
        audit.record(Deed.CHANGE, actor=person, subject=reader, unit=unit, changes=changes)
    reader.wants_digest = wants
    return reader
