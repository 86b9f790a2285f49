"""The mail with the link to a new password; an unknown name costs the same work and gets the same answer."""

from __future__ import annotations

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from units import audit, doorbell, mail
from units.models import Account, Deed, Mail

# Nobody: stands in for an unknown name, so that it takes as long as a known one.
NOBODY = Account(pk=0, username="nobody", name="nobody", email="nobody@example.invalid")


@transaction.atomic
def send_link(typed: str) -> None:
    """Write down that a new password was asked for and queue the mail, once in ten minutes per account."""
    account = find(typed)
    unit = account.unit if account else None
    audit.record(Deed.PASSWORD_ASK, actor=None, subject=account, unit=unit)
    doorbell.ring("tasks.send_mail")
    with transaction.atomic():
        mail.enqueue([link_mail(account or NOBODY)])
        if account is None:
            transaction.set_rollback(True)


def find(typed: str) -> Account | None:
    """Return the one account of that name or address that may sign in and can be written to."""
    name = Account.normalize_username(typed.strip())
    found = list(
        Account.objects.filter(Q(username__iexact=name) | Q(email__iexact=name), is_active=True)
        .exclude(email="")
        .select_related("unit")[:2]
    )
    return found[0] if len(found) == 1 and found[0].has_usable_password() else None


def link_mail(account: Account) -> Mail:
    """Return the unsaved mail, in the person's language."""
    now = timezone.now()
    token = default_token_generator.make_token(account)
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(account), "key": token}
    )
    facts = {
        "account": account.name,
        "name": account.username,
        # Not from the request: its Host header is the asker's.
        "link": f"{settings.BASE_URL}{path}",
        "n_minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "portal": settings.PORTAL_NAME,
        "language": account.language,
    }
    with translation.override(account.language):
        return Mail(
            key=f"password:{account.pk}:{int(now.timestamp()) // 600}",
            person=account if account.pk else None,
            address=account.email,
            subject=_("A new password for %(portal)s") % {"portal": settings.PORTAL_NAME},
            text=render_to_string("identity/mail/password_link.txt", facts),
            html=render_to_string("identity/mail/password_link.html", facts),
        )
