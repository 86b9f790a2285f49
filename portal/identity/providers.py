"""Signing in through the bureau's identity provider, DingTalk or Feishu, to an account that is there."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2View
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import RequestException

from portal.identity import answers
from portal.identity.adapter import note_failure
from units import audit, notices
from units.models import Account, Deed

# What each provider calls the field of Account that it is compared with.
CLAIMS = {
    "openid_connect": {"username": "preferred_username", "email": "email", "phone": "phone_number"},
    "dingtalk": {"username": "unionId", "email": "email", "phone": "mobile"},
    "feishu": {"username": "user_id", "email": "enterprise_email", "phone": "mobile"},
}
READERS: dict[str, type[Any]] = {
    "openid_connect": answers.OpenIDConnect,
    "dingtalk": answers.DingTalk,
    "feishu": answers.Feishu,
}
LABELS = {"dingtalk": gettext_lazy("DingTalk"), "feishu": gettext_lazy("Feishu")}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """One button of the sign-in page."""

    label: str | Promise
    url: str


def offers() -> list[Offer]:
    """Return a button for each configured provider."""
    found: list[Offer] = []
    for code, facts in settings.SOCIALACCOUNT_PROVIDERS.items():
        if code == "openid_connect":
            app: dict[str, str] = facts["APPS"][0]
            url = reverse("openid_connect_login", kwargs={"provider_id": app["provider_id"]})
            found.append(Offer(app["name"], url))
        else:
            found.append(Offer(LABELS[code], reverse(f"{code}_login")))
    return found


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Takes providers from the settings alone and links a stranger's proof to nobody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Say no: an account is opened by the bureau."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Link the provider's identity to the one account that it names; later it is known by its number.

        Raises: ImmediateHttpResponse back to the sign-in page when there is none.
        """
        if sociallogin.is_existing:
            return
        account = owner_of(sociallogin)
        if account is None:
            note_failure(None, way=sociallogin.provider.id)
            messages.error(
                request, _("No account here belongs to you there. Ask the administrator of your bureau.")
            )
            raise ImmediateHttpResponse(redirect("sign-in"))
        with transaction.atomic():
            changes = {"step": f"{sociallogin.provider.id} linked"}
            entry = audit.record(
                Deed.FACTOR, actor=account, subject=account, unit=account.unit, changes=changes
            )
            notices.tell(account, entry)
            sociallogin.connect(request, account)

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        """Return the provider, whose answers are read with care."""
        found = super().get_provider(request, provider, client_id=client_id)
        found.oauth2_adapter_class = READERS[found.id]
        return found

    def on_authentication_error(
        self, request: HttpRequest, provider: Provider, error: str | None = None, **facts: Any
    ) -> None:
        """Write down that nobody was signed in, and for the operator why; turning back is no failure."""
        if error != AuthError.CANCELLED:
            failed(provider.id, facts.get("exception"))


def failed(code: str, error: Exception | None) -> None:
    """Note a failure at a provider; the log gets its kind alone, as its words quote the answer."""
    logger.warning("Nobody was signed in by %s: %s", code, type(error).__name__ if error else "no such state")
    note_failure(None, way=code)


def owner_of(sociallogin: SocialLogin) -> Account | None:
    """Return the one open account whose field, chosen by `…_MATCH`, equals the provider's claim."""
    field = sociallogin.provider.app.settings["match"]
    claims = sociallogin.account.extra_data
    claims = claims.get("userinfo") or claims.get("id_token") or claims
    claim = str(claims.get(CLAIMS[sociallogin.provider.id][field]) or "").strip()
    if field == "email" and claims.get("email_verified") is False:
        return None
    if field == "phone":
        claim = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", re.sub(r"[\s-]", "", claim))
    if not claim:
        return None
    found = list(Account.objects.filter(**{f"{field}__iexact": claim}, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


def offered(code: str, view: type[OAuth2View]) -> Callable[..., HttpResponse]:
    """Return the view, which is not there unless the provider is configured, and only ever signs in.

    allauth would also connect an identity to whoever is signed in: by a forged link, an attacker's.
    """

    @login_not_required
    def guarded(request: HttpRequest, **which: str) -> HttpResponse:
        if code not in settings.SOCIALACCOUNT_PROVIDERS:
            raise Http404
        if request.user.is_authenticated or "process" in request.GET:
            return redirect("start")
        try:
            response: HttpResponse = view.adapter_view(READERS[code](request, **which))(request)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error
        except (RequestException, OAuth2Error) as error:
            failed(code, error)
            messages.error(
                request, _("The other system does not answer. Sign in with your password, or try later.")
            )
            return redirect("sign-in")
        return response

    return guarded
