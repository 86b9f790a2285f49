"""What stands between a request and its page: the session's length, a due password, a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from portal.identity import proof, sessions
from reports.records.keeping import keep_posted
from reports.records.models import WorkingCopy
from units import passwords
from units.models import Account

Next = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]
ALWAYS_OPEN = frozenset({"sign-out", "account_logout", "set-language"})
PASSWORD_PAGES = frozenset({"account_change_password"})
FACTOR_PAGES = frozenset(
    {
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_change_password",
    }
)


class SessionLimitsMiddleware:
    """Ends a session that is idle or old before anything is shown, and keeps what is shown out of caches."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Account):
            now = timezone.now()
            request.session_over = sessions.reason_to_end(request.session, now)  # type: ignore[attr-defined]
            if request.session_over:  # type: ignore[attr-defined]
                request.session_of = request.user  # type: ignore[attr-defined]
                sessions.close(request, request.user, reason=request.session_over)  # type: ignore[attr-defined]
            else:
                sessions.note_click(request, now)
        response = self.get_response(request)
        if request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
        return response


class SignInRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Leads to the sign-in page and from there back to the page that the person was on."""

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponseRedirect:
        """Ask for a sign-in; a form that was being filled comes back as it stood, or its page.

        A session that has just ended tells whose form it was: what it posted is kept for that person, who
        alone sees it after signing in. Whose it was is known in this one request only.
        """
        if getattr(request, "session_over", ""):
            messages.info(request, _("You were signed out because nothing had happened for a while."))
        if "HX-Request" in request.headers:
            target = redirect_to_login(_path_of(request, request.headers.get("HX-Current-URL", "")))
            target.headers["HX-Redirect"] = target.url
            del target.headers["Location"]
            target.status_code = 200
            return target
        if request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        copy = _kept(request)
        if copy is not None:
            return redirect_to_login(reverse("records:typed-open", args=[copy.pk]))
        return redirect_to_login(_path_of(request, request.headers.get("Referer", "")))


class GateMiddleware:
    """Sends whoever has a password to change, a factor to set up or a proof to give there first."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the request pass, or lead to what comes first."""
        account = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if (
            not isinstance(account, Account)
            or name in ALWAYS_OPEN
            or not getattr(view, "login_required", True)
        ):
            return None
        if passwords.must_change(account, timezone.now()) and came_by_password(request, account):
            return None if name in PASSWORD_PAGES else _lead("account_change_password", request)
        if needs_factor(account) and name not in FACTOR_PAGES and not has_factor(account):
            return _lead("mfa_index", request)
        return proof.ask(request, view, args, kwargs)


def came_by_password(request: HttpRequest, account: Account) -> bool:
    """Say whether the person signed in with the password, and not with a passkey or at another provider."""
    records = get_authentication_records(request, account)
    return not any(record["method"] == "socialaccount" or record.get("passwordless") for record in records)


def needs_factor(account: Account) -> bool:
    """Say whether REQUIRE_SECOND_FACTOR means this person."""
    wanted = settings.REQUIRE_SECOND_FACTOR
    return wanted == "all" or (wanted == "staff" and account.is_staff)


def has_factor(account: Account) -> bool:
    """Say whether the person has an authenticator app or a passkey. Queries: one."""
    return bool(is_mfa_enabled(account, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def _kept(request: HttpRequest) -> WorkingCopy | None:
    """Keep the form of a record that came in a session that is over; return the copy."""
    account = getattr(request, "session_of", None)
    if account is None or "about" not in request.POST:
        return None
    kept = keep_posted(request.POST, actor=account)
    return kept.copy if kept else None


def _lead(url_name: str, request: HttpRequest) -> HttpResponse:
    target = request.get_full_path() if request.method == "GET" else reverse("start")
    return HttpResponseRedirect(f"{reverse(url_name)}?{urlencode({'next': target})}")


def _path_of(request: HttpRequest, address: str) -> str:
    """Return the path of an address of this host, else that of the start page."""
    if not url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return reverse("start")
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
