"""A mail to a person whose way of signing in has changed: whoever did not do it themselves learns of it."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from units import mail
from units.models import Account, AuditEntry, Deed, Mail


def tell(account: Account, entry: AuditEntry) -> None:
    """Queue the mail that tells the person of one row of the trail; nothing without an address.

    Call it inside the transaction of the deed, once its row is written: one row, one mail.
    """
    if account.email:
        mail.enqueue([notice(account, entry)])


def notice(account: Account, entry: AuditEntry) -> Mail:
    """Return the unsaved mail, in the person's language."""
    with translation.override(account.language):
        what = _what(entry)
        facts = {
            "person": account.name,
            "what": what,
            "at": timezone.localtime(entry.at),
            "address": entry.address or "",
            "portal": settings.PORTAL_NAME,
            "language": account.language,
        }
        return Mail(
            key=f"notice:{entry.pk}",
            person=account,
            address=account.email,
            subject=f"{what} · {settings.PORTAL_NAME}"[:200],
            text=render_to_string("units/mail/notice.txt", facts),
            html=render_to_string("units/mail/notice.html", facts),
        )


def _what(entry: AuditEntry) -> str:
    if entry.deed == Deed.PASSWORD_CHANGE:
        return _("Your password was changed")
    if str(entry.changes.get("step", "")).endswith(" linked"):
        return _("You can now sign in another way")
    return _("Your second factor was changed")
