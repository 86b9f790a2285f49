"""Identity providers: seen only when configured, linked to accounts that are there, opening none."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import Client, RequestFactory

from portal.identity.configuration import identity_providers
from tests.personas import World
from tests.portal.identity_steps import changes_of, signed_in
from units.models import Account, Deed

NAMES = [f"{kind}_CLIENT_{part}" for kind in ("OIDC", "DINGTALK", "FEISHU") for part in ("ID", "SECRET")]
PATHS = ("/account/with/dingtalk/", "/account/with/feishu/", "/account/with/oidc/sso/")


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Configure all three."""
    for name in NAMES:
        monkeypatch.setenv(name, "given")
    monkeypatch.setenv("OIDC_SERVER_URL", "https://sso.example.org")
    settings.SOCIALACCOUNT_PROVIDERS = identity_providers()


def proof(code: str, **claims: Any) -> tuple[HttpRequest, Any]:
    """Return a request and what a provider proved of the person behind it."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    provider = get_adapter().get_provider(request, code)
    return request, provider.sociallogin_from_response(request, claims)


def link(code: str, **claims: Any) -> None:
    """Let the adapter handle a proof that nobody is linked with yet."""
    request, login = proof(code, **claims)
    with context.request_context(request):
        get_adapter().pre_social_login(request, login)


def test_nothing_is_offered_unless_configured(client: Client, db: None) -> None:
    assert client.get("/sign-in/").context["offers"] == []
    for path in PATHS:
        assert client.get(path).status_code == 404


def test_configured_providers_have_a_button_each(client: Client, db: None, configured: None) -> None:
    assert {offer.url for offer in client.get("/sign-in/").context["offers"]} == set(PATHS)


def test_dingtalk_is_asked_with_a_state(client: Client, db: None, configured: None) -> None:
    response = client.get("/account/with/dingtalk/")
    assert response.headers["Location"].startswith("https://login.dingtalk.com/oauth2/auth?")
    assert "state=" in response.headers["Location"]


@pytest.mark.parametrize("name", ["OIDC_CLIENT_ID", "DINGTALK_CLIENT_SECRET", "OIDC_SERVER_URL"])
def test_half_a_configuration_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "https://half.example")
    with pytest.raises(ImproperlyConfigured, match="go together"):
        identity_providers()


def test_proof_is_linked_to_the_account_of_the_same_phone(world: World, configured: None) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(phone="13800000001")
    link("dingtalk", openId="d1", mobile="+86 138-0000-0001")
    assert SocialAccount.objects.get().user == world.liaison
    assert changes_of(Deed.FACTOR) == [{"step": "dingtalk linked"}]


def test_oidc_is_linked_by_the_sign_in_name(world: World, configured: None) -> None:
    link("sso", userinfo={"sub": "1", "preferred_username": "Liaison"})
    assert SocialAccount.objects.get().user == world.liaison


@pytest.mark.parametrize("claims", [{"mobile": "13999999999"}, {"mobile": ""}, {}])
def test_stranger_gets_no_account(world: World, configured: None, claims: dict[str, str]) -> None:
    n_accounts = Account.objects.count()
    with pytest.raises(ImmediateHttpResponse):
        link("dingtalk", openId="d2", **claims)
    assert Account.objects.count() == n_accounts
    assert not SocialAccount.objects.exists()
    assert changes_of(Deed.SIGN_IN_FAILED) == [{"by": "dingtalk"}]


def test_two_accounts_of_one_phone_are_linked_to_neither(world: World, configured: None) -> None:
    Account.objects.filter(pk__in=[world.liaison.pk, world.head.pk]).update(phone="13800000001")
    with pytest.raises(ImmediateHttpResponse):
        link("dingtalk", openId="d3", mobile="13800000001")


def test_unproven_address_links_nobody(world: World, configured: None, settings: LazySettings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["match"] = "email"
    claims = {"sub": "1", "email": "liaison@example.org", "email_verified": False}
    with pytest.raises(ImmediateHttpResponse):
        link("sso", userinfo=claims)


def test_nobody_links_a_foreign_identity_to_a_signed_in_person(world: World, configured: None) -> None:
    browser = signed_in(world.liaison)
    response = browser.get("/account/with/dingtalk/?process=connect")
    assert response.headers["Location"] == "/"
    assert Client().get("/account/with/dingtalk/?process=connect").headers["Location"] == "/"
