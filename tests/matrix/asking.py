"""Ask one address after another as one person, quickly, and take back what was done."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from allauth.account.internal.flows import login
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from units.models import Account

WRITES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
# What every request may write: its session, when it was there last, and the trail of what it was refused.
ALLOWED = {"django_session", "usersessions_usersession", "units_auditentry"}
# Recovery codes know whether they have been looked at.
NOTES_THE_LOOK = {
    "mfa_view_recovery_codes": {"mfa_authenticator"},
    "mfa_download_recovery_codes": {"mfa_authenticator"},
}
FORM = "application/x-www-form-urlencoded"
OF_THE_MOMENT = {"Content-Length", "Expires", "Last-Modified"}
TOKEN = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ?")[A-Za-z0-9]{64}')
NONCE = re.compile(r"nonce-[\w+/=-]+|nonce=\"[^\"]*\"")


class Asker(Client):
    """A browser that keeps no cookie that it is given and copies no template's context: half the time."""

    def request(self, **request: Any) -> Any:
        """Hand the request to the portal."""
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


@dataclass
class Told:
    """What one request was answered, and which tables it wrote."""

    status: int
    body: bytes
    headers: dict[str, str]
    path: str
    written: set[str] = field(default_factory=set)

    @property
    def location(self) -> str:
        """Return where the answer leads."""
        return self.headers.get("Location", "")

    def anonymous(self) -> str:
        """Return the whole answer without tokens, moments, and the address that was asked for."""
        kept = {name: value for name, value in self.headers.items() if name not in OF_THE_MOMENT}
        kept["Vary"] = ", ".join(sorted(kept.get("Vary", "").split(", ")))
        lines = [str(self.status), *(f"{name}: {value}" for name, value in sorted(kept.items()))]
        text = "\n".join([*lines, self.body.decode(errors="replace")])
        for spelling in (self.path, quote(self.path, safe="")):
            text = text.replace(spelling, "PATH")
        return NONCE.sub("", TOKEN.sub(r"\1", text))


def browser_of(account: Account | None) -> Asker:
    """Return a browser of a person who has just proved again who they are."""
    browser = Asker(raise_request_exception=False)
    if account is not None:
        browser.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session, now = browser.session, timezone.now().timestamp()
        session["began_at"] = session["seen_at"] = now
        proof = {"method": "password", "at": time.time(), "username": account.username}
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
        session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(account.pk)
        session.save()
        browser.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return browser


def ask(browser: Asker, method: str, path: str, data: dict[str, Any] | None = None) -> Told:
    """Send one request and undo what it did."""
    with undone() as written:
        response = sent(browser, method, path, data or {})
        body = b"".join(response) if response.streaming else response.content
    return Told(response.status_code, body, dict(response.headers), path, written - ALLOWED)


def sent(browser: Asker, method: str, path: str, data: dict[str, Any]) -> Any:
    """Send one request with its parameters in the address or in the form."""
    text = data.urlencode() if isinstance(data, QueryDict) else urlencode(data, doseq=True)
    if method in {"GET", "HEAD"}:
        return browser.generic(method, f"{path}?{text}" if text else path)
    return browser.generic(method, path, text, FORM)


@contextmanager
def undone() -> Iterator[set[str]]:
    """Take back everything that is stored inside; yields the tables that were written."""
    written: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found:
            written.add(found[2])
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield written
        transaction.set_rollback(True)
