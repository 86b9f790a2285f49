"""Leave the digests and come back, with nothing but the link from a mail."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from units import audit
from units.models import Account, Deed

SALT = "digests.unsubscribe"


def token_of(person: Account) -> str:
    """Return the token that speaks for one person in the matter of digests, and in no other."""
    return signing.dumps(person.pk, salt=SALT)


def person_of(token: str) -> Account | None:
    """Return whom a token speaks for; None where it is not ours or the account is gone."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Account.objects.filter(pk=pk, is_active=True).first()


def unsubscribe_url(person: Account) -> str:
    """Return the absolute address that a mail carries."""
    return settings.BASE_URL + reverse("digests:unsubscribe", args=[token_of(person)])


@transaction.atomic
def subscribe(person: Account, *, wants: bool) -> Account:
    """Switch the weekly digest on or off for a person; twice is once."""
    changed = Account.objects.filter(pk=person.pk, wants_digest=not wants).update(wants_digest=wants)
    if changed:
        audit.record(
            Deed.CHANGE,
            actor=person,
            subject=person,
            unit=person.unit,
            changes={"wants_digest": [not wants, wants]},
        )
    person.wants_digest = wants
    return person
