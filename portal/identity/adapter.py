"""How allauth signs the portal's accounts in: never up, with an audit row, within the session limits."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from portal.identity import sessions
from portal.preferences import remember_language
from units import audit, passwords
from units.models import Account, Deed
from units.rules import RuleError

BACKEND = "django.contrib.auth.backends.ModelBackend"
# What the page itself says needs no second telling.
UNSAID = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by the bureau; whoever proves to be one gets a session of limited length."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "Name and password do not belong together. Check both; after five attempts"
            " the account is locked for 15 minutes."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say no: nobody opens an account for themselves."""
        return False

    def login(self, request: HttpRequest, user: Account) -> None:
        """Begin the session and write it down, or neither; a first password is used up by it."""
        ways = [record["method"] for record in get_authentication_records(request, user)]
        user.backend = BACKEND
        try:
            with transaction.atomic():
                if "password" in ways:
                    passwords.use_up_first_password(user)
                audit.record(Deed.SIGN_IN, actor=user, subject=user, unit=user.unit, changes={"by": ways})
                super().login(request, user)
                sessions.begin(request)
        except RuleError as error:
            messages.error(request, str(error.message))
            raise ImmediateHttpResponse(redirect("sign-in")) from error

    def post_login(self, request: HttpRequest, user: Account, **facts: Any) -> HttpResponse:
        """Lead on, in the person's own language; of too many sessions the oldest end."""
        response: HttpResponse = super().post_login(request, user, **facts)
        sessions.end_surplus(user)
        return remember_language(response, user.language)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write the failed attempt down; what was typed is kept only where an account has this name."""
        typed = Account.normalize_username(str(credentials.get("username", "")))
        note_failure(Account.objects.filter(username__iexact=typed).first(), way="password")

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """Write down that somebody proved to be a person whose account is closed."""
        note_failure(user, way="closed account")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def set_password(self, user: Account, password: str) -> None:
        """Change the password by the verb."""
        is_present = isinstance(self.request.user, Account)
        passwords.change_password(
            user, password, actor=user, way="present password" if is_present else "link by mail"
        )

    def is_reauthentication_required(self, *, app: str, **facts: Any) -> bool:
        """Ask again for proof unless the person gave it within the last minutes, by signing in or since."""
        records = get_authentication_records(self.request, self.request.user)
        since = app_settings.REAUTHENTICATION_TIMEOUT
        return not any(time.time() - record["at"] < since for record in records)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **facts: Any
    ) -> None:
        """Say what is not plain from the page."""
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **facts)

    def is_safe_url(self, url: str | None) -> bool:
        """Say whether the address leads to this host; the other allowed hosts are elsewhere, too."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return the start page: the reason to change a password lies behind the person."""
        return reverse("start")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the connection came from, whatever headers claim."""
        return request.META.get("REMOTE_ADDR") or "::"


def note_failure(account: Account | None, *, way: str) -> None:
    """Write down an attempt that failed."""
    audit.record(
        Deed.SIGN_IN_FAILED,
        actor=None,
        subject=account,
        unit=account.unit if account else None,
        changes={"by": way},
    )
