"""Steps at the door that several tests take."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from tests.personas import PASSWORD
from units.models import Account, AuditEntry, Deed

NEW_PASSWORD = "seven quiet mountains walk north"


def attempt(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the sign-in form."""
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def signed_in(account: Account) -> Client:
    """Return a browser that came in through the door."""
    client = Client()
    attempt(client, account.username)
    assert is_in(client)
    return client


def browser_of(account: Account, *, minutes_ago: int = 0) -> Client:
    """Return a browser of a person who gave the password so many minutes ago, without the door's work."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session, moment = client.session, time.time() - 60 * minutes_ago
    session["began_at"] = session["seen_at"] = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": moment, "username": account.username}
    ]
    session["account_authentication_methods_user"] = str(account.pk)
    session.save()
    return client


def is_in(client: Client) -> bool:
    """Say whether the browser is signed in."""
    return client.get("/account/sessions/").status_code == 200


def code_of(secret: str) -> str:
    """Return the six digits that an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def with_app(client: Client) -> str:
    """Set up an authenticator app in a signed-in browser and return its secret."""
    secret: str = client.get("/account/security/app/add/").context["form"].secret
    response = client.post("/account/security/app/add/", {"code": code_of(secret)})
    assert response.headers["Location"] == "/account/security/recovery-codes/"
    return secret


def changes_of(deed: Deed) -> list[dict[str, object]]:
    """Return what the trail says of one kind of deed, oldest first."""
    return list(AuditEntry.objects.filter(deed=deed).order_by("id").values_list("changes", flat=True))
