"""The link that an invited person gets by mail to set a password of their own; no password is mailed."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from units.accounts import FIRST_PASSWORD_LASTS
from units.models import Account, Mail

SALT = "units.inviting.letters"


def token_of(account: Account) -> str:
    """Return the proof that its holder was invited: good for seven days, until the first password is gone."""
    return signing.dumps([account.pk, _fingerprint(account)], salt=SALT)


def account_of(token: str) -> Account | None:
    """Return the enabled account that a token invites, None where it is used, too old or made up."""
    try:
        pk, fingerprint = signing.loads(token, salt=SALT, max_age=FIRST_PASSWORD_LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    account = Account.objects.filter(
        pk=pk, is_active=True, password_is_initial=True, password_expires_at__gt=timezone.now()
    ).first()
    is_same = account is not None and constant_time_compare(fingerprint, _fingerprint(account))
    return account if is_same else None


def letter(account: Account) -> Mail:
    """Return the unsaved mail, in the person's language."""
    facts = {
        "person": account.name,
        "username": account.username,
        "link": settings.BASE_URL + reverse("invitation", args=[token_of(account)]),
        "n_days": FIRST_PASSWORD_LASTS.days,
        "portal": settings.PORTAL_NAME,
        "language": account.language,
    }
    with translation.override(account.language):
        return Mail(
            key=f"invitation:{account.pk}:{_fingerprint(account)}",
            person=account,
            address=account.email,
            subject=_("Your account for %(portal)s") % {"portal": settings.PORTAL_NAME},
            text=render_to_string("units/mail/invitation.txt", facts),
            html=render_to_string("units/mail/invitation.html", facts),
        )


def _fingerprint(account: Account) -> str:
    """Return what changes with the password, and tells nothing of it."""
    return salted_hmac(SALT, account.password, algorithm="sha256").hexdigest()[:24]
