"""The demonstration's sign-in names and the password that they share."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import environment
from units.models import Account
from units.roles import ADMINISTRATOR, AUDITOR, HEAD, LEADER, LIAISON, REVIEWER

# A domain that never exists (RFC 2606), so that no demonstration mail reaches anybody.
DOMAIN = "binhai.example"

# The accounts worth showing, in the order of the week.
SHOWN: dict[str, str | Promise] = {
    "liaison": LIAISON.label,
    "head": HEAD.label,
    "reviewer": REVIEWER.label,
    "reviewer2": REVIEWER.label,
    "member": _("team member"),
    "leader": LEADER.label,
    "administrator": ADMINISTRATOR.label,
    "auditor": AUDITOR.label,
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a visitor of the demonstration needs to sign in as one person."""

    username: str
    password: str
    role: str | Promise
    name: str


def sign_in_names() -> list[SignIn]:
    """Return the accounts to show with their password; none where no demonstration is loaded.

    Queries: one.
    """
    try:
        password = password_file().read_text().strip()
    except FileNotFoundError:
        return []
    shown = Account.objects.filter(username__in=SHOWN, email__endswith=f"@{DOMAIN}", is_active=True)
    names = dict(shown.values_list("username", "name"))
    return [
        SignIn(username, password, role, names[username])
        for username, role in SHOWN.items()
        if username in names
    ]


def password_file() -> Path:
    """Return where the password is kept, readable by its owner alone."""
    return Path(settings.VAR_DIR) / "demonstration.txt"


def first_password() -> str:
    """Return DEMO_PASSWORD or a random password, and keep it for its owner in `password_file()`."""
    given = environment.text("DEMO_PASSWORD")
    if given:
        password_file().unlink(missing_ok=True)
    return environment.keep(password_file(), given or secrets.token_urlsafe(9))
