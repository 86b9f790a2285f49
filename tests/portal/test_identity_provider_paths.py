"""The whole way through an identity provider that answers well, badly or not at all."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.feishu.client import FeishuOAuth2Client
from django.conf import LazySettings
from django.test import Client

from portal.identity import answers
from portal.identity.configuration import identity_providers
from tests.personas import World
from tests.portal.identity_steps import changes_of, is_in
from tests.portal.provider_server import (
    CLIENT_ID,
    Provider,
    dingtalk_script,
    feishu_script,
    openid_script,
    running,
)
from units.models import Account, Deed, Mail

WAYS = {"openid_connect": "oidc/sso", "dingtalk": "dingtalk", "feishu": "feishu"}
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def provider(world: World, monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Iterator[Provider]:
    """Configure all three ways in, at a provider on this machine; the liaison's phone is known."""
    Account.objects.filter(pk=world.liaison.pk).update(phone="13800000001")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as provider:
        for kind in ("OIDC", "DINGTALK", "FEISHU"):
            monkeypatch.setenv(f"{kind}_CLIENT_ID", CLIENT_ID)
            monkeypatch.setenv(f"{kind}_CLIENT_SECRET", "secret")
        monkeypatch.setenv("OIDC_SERVER_URL", provider.url)
        settings.SOCIALACCOUNT_PROVIDERS = identity_providers()
        monkeypatch.setattr(answers.DingTalk, "access_token_url", f"{provider.url}/token")
        monkeypatch.setattr(answers.DingTalk, "profile_url", f"{provider.url}/me")
        monkeypatch.setattr(answers.Feishu, "access_token_url", f"{provider.url}/token")
        monkeypatch.setattr(answers.Feishu, "user_info_url", f"{provider.url}/me")
        monkeypatch.setattr(FeishuOAuth2Client, "app_access_token_url", f"{provider.url}/app")
        yield provider


def script_of(kind: str, provider: Provider) -> dict[str, Any]:
    """Return what the provider of one kind answers when all is well."""
    scripts = {"dingtalk": dingtalk_script, "feishu": feishu_script}
    return scripts[kind]() if kind in scripts else openid_script(provider)


def sent_away(browser: Client, kind: str) -> dict[str, str]:
    """Begin at the button and return what the browser carries to the provider."""
    response = browser.get(f"/account/with/{WAYS[kind]}/")
    assert response.status_code == 302
    return dict(parse_qsl(urlsplit(response.headers["Location"]).query))


def come_back(browser: Client, kind: str, **carried: str) -> Any:
    """Return what the browser sees when the provider sends it back."""
    name = "authCode" if kind == "dingtalk" else "code"
    return browser.get(f"/account/with/{WAYS[kind]}/back/", {name: "c1", **carried})


def go_through(browser: Client, kind: str) -> Any:
    """Go the whole way."""
    return come_back(browser, kind, state=sent_away(browser, kind)["state"])


def check_refused(browser: Client, kind: str, response: Any) -> None:
    """See a kind page, nobody signed in, nothing linked and one row of the failure."""
    if response.status_code == 302:
        assert response.headers["Location"] == "/sign-in/"
        response = browser.get("/sign-in/")
        assert "对方系统没有响应" in response.content.decode()
    else:
        assert response.status_code == 401
        assert "对方系统未能确认您的身份" in response.content.decode()
    assert "Traceback" not in response.content.decode()
    assert not is_in(browser)
    assert not SocialAccount.objects.exists()
    assert changes_of(Deed.SIGN_IN_FAILED) == [{"by": kind}]
    assert changes_of(Deed.SIGN_IN) == []
    assert not Mail.objects.exists()


@pytest.mark.parametrize("kind", WAYS)
def test_good_proof_signs_in_to_the_one_account_and_tells_its_person(
    client: Client, world: World, provider: Provider, kind: str
) -> None:
    provider.script = script_of(kind, provider)
    assert go_through(client, kind).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(world.liaison.pk)
    assert SocialAccount.objects.get().user == world.liaison
    assert changes_of(Deed.FACTOR) == [{"step": f"{kind} linked"}]
    assert changes_of(Deed.SIGN_IN) == [{"by": ["socialaccount"]}]
    assert changes_of(Deed.SIGN_IN_FAILED) == []
    mail = Mail.objects.get()
    assert (mail.address, mail.subject.split(" · ")[0]) == (
        "liaison@example.org",
        "您的账号新增了一种登录方式",
    )
    # The second time nothing is linked and nobody told.
    again = Client()
    assert go_through(again, kind).headers["Location"] == "/"
    assert again.session["_auth_user_id"] == str(world.liaison.pk)
    assert Mail.objects.count() == SocialAccount.objects.count() == 1


def test_openid_code_is_good_for_the_browser_that_asked_alone(client: Client, provider: Provider) -> None:
    provider.script = openid_script(provider)
    carried = sent_away(client, "openid_connect")
    come_back(client, "openid_connect", state=carried["state"])
    proven = hashlib.sha256(provider.sent_to("/token")["code_verifier"].encode()).digest()
    assert carried["code_challenge"] == base64.urlsafe_b64encode(proven).decode().rstrip("=")


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.parametrize("state", ["", "forged"])
def test_wrong_state_is_refused(client: Client, provider: Provider, kind: str, state: str) -> None:
    provider.script = script_of(kind, provider)
    sent_away(client, kind)
    check_refused(client, kind, come_back(client, kind, state=state))


@pytest.mark.parametrize("kind", WAYS)
def test_state_of_another_browser_is_refused(client: Client, provider: Provider, kind: str) -> None:
    provider.script = script_of(kind, provider)
    state = sent_away(Client(), kind)["state"]
    sent_away(client, kind)
    check_refused(client, kind, come_back(client, kind, state=state))


@pytest.mark.parametrize(
    "token",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": 1_700_000_000, "iat": 1_699_999_000},
        {"exp": None},
        {"sub": None},
        {"sub": "8"},
        {"by": "unknown"},
        {"kid": "k2"},
        {"how": "none"},
        {"how": "HS256"},
    ],
    ids=str,
)
def test_id_token_that_is_not_for_here_and_now_is_refused(
    client: Client, provider: Provider, token: dict[str, Any]
) -> None:
    provider.script = openid_script(provider, **token)
    check_refused(client, "openid_connect", go_through(client, "openid_connect"))


@pytest.mark.parametrize("given", [None, "", "garbage", "a.b.c", 7, ["x"]], ids=repr)
def test_answer_without_an_id_token_is_refused(client: Client, provider: Provider, given: object) -> None:
    provider.script = openid_script(provider)
    provider.script["/token"]["id_token"] = given
    check_refused(client, "openid_connect", go_through(client, "openid_connect"))


def test_id_token_is_good_once(client: Client, provider: Provider) -> None:
    provider.script = openid_script(provider, jti="once")
    go_through(client, "openid_connect")
    assert is_in(client)
    second = Client()
    assert go_through(second, "openid_connect").status_code == 401
    assert not is_in(second)
    assert changes_of(Deed.SIGN_IN_FAILED) == [{"by": "openid_connect"}]


BROKEN = [
    (500, b"oops"),
    (200, b"<html>maintenance</html>"),
    (200, b""),
    (200, b"[]"),
    (200, b"null"),
    (200, b"{}"),
]
STEPS = [
    *[("openid_connect", path) for path in ("/token", "/userinfo", "/keys")],
    *[("dingtalk", path) for path in ("/token", "/me")],
    *[("feishu", path) for path in ("/app", "/token", "/me")],
]


@pytest.mark.parametrize("answer", BROKEN, ids=str)
@pytest.mark.parametrize(("kind", "path"), STEPS)
def test_broken_answer_signs_nobody_in(
    client: Client, provider: Provider, kind: str, path: str, answer: tuple[int, bytes]
) -> None:
    provider.script = script_of(kind, provider) | {path: answer}
    check_refused(client, kind, go_through(client, kind))


@pytest.mark.parametrize("answer", [*BROKEN, (200, b'{"issuer": 7}')], ids=str)
def test_broken_description_stops_before_anybody_is_sent_away(
    client: Client, provider: Provider, answer: tuple[int, bytes]
) -> None:
    provider.script = {DISCOVERY: answer}
    check_refused(client, "openid_connect", client.get("/account/with/oidc/sso/"))


@pytest.mark.parametrize("answer", BROKEN, ids=str)
def test_description_that_breaks_on_the_way_back_signs_nobody_in(
    client: Client, provider: Provider, answer: tuple[int, bytes]
) -> None:
    provider.script = openid_script(provider)
    state = sent_away(client, "openid_connect")["state"]
    provider.script[DISCOVERY] = answer
    check_refused(client, "openid_connect", come_back(client, "openid_connect", state=state))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("dingtalk", {"openId": None, "mobile": "13800000001"}),
        ("dingtalk", {"openId": 7, "mobile": "13800000001"}),
        ("dingtalk", {"openId": "d" * 300, "mobile": "13800000001"}),
        ("feishu", {"code": 0, "data": {"open_id": None, "mobile": "13800000001"}}),
        ("feishu", {"code": 99991663, "msg": "token invalid"}),
    ],
)
def test_answer_that_names_nobody_signs_nobody_in(
    client: Client, provider: Provider, kind: str, facts: dict[str, Any]
) -> None:
    provider.script = script_of(kind, provider) | {"/me": facts}
    check_refused(client, kind, go_through(client, kind))


@pytest.mark.parametrize("kind", WAYS)
def test_provider_that_is_down_leaves_the_password(client: Client, provider: Provider, kind: str) -> None:
    provider.script = script_of(kind, provider)
    state = sent_away(client, kind)["state"]
    provider.shutdown()
    provider.server_close()
    check_refused(client, kind, come_back(client, kind, state=state))


def test_openid_provider_that_is_down_is_said_at_once(client: Client, provider: Provider) -> None:
    provider.shutdown()
    provider.server_close()
    check_refused(client, "openid_connect", client.get("/account/with/oidc/sso/"))


def test_refusal_at_the_provider_is_a_failure_and_turning_back_is_none(
    client: Client, provider: Provider
) -> None:
    provider.script = openid_script(provider)
    turned = sent_away(client, "openid_connect")["state"]
    path = "/account/with/oidc/sso/back/"
    back = client.get(path, {"error": "access_denied", "state": turned})
    assert back.headers["Location"] == "/sign-in/"
    assert changes_of(Deed.SIGN_IN_FAILED) == []
    refused = sent_away(client, "openid_connect")["state"]
    check_refused(client, "openid_connect", client.get(path, {"error": "server_error", "state": refused}))


def test_closed_account_stays_closed(client: Client, world: World, provider: Provider) -> None:
    provider.script = openid_script(provider)
    go_through(Client(), "openid_connect")
    Account.objects.filter(pk=world.liaison.pk).update(is_active=False)
    assert go_through(client, "openid_connect").headers["Location"] == "/account/closed/"
    assert not is_in(client)
    assert changes_of(Deed.SIGN_IN_FAILED) == [{"by": "closed account"}]
