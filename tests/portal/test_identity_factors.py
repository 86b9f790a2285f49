"""Second factors: set up, asked for, lost, required (C07)."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.test import Client

from tests.personas import World
from tests.portal.identity_steps import attempt, changes_of, code_of, is_in, signed_in, with_app
from units.models import Deed

CODE = "/account/security/code/"
SECURITY = "/account/security/"


@pytest.fixture
def secret(world: World) -> str:
    """Return the secret of the liaison's authenticator app."""
    return with_app(signed_in(world.liaison))


def at_second_step() -> Client:
    """Return the liaison's browser after the right password."""
    client = Client()
    assert attempt(client, "liaison", next="/records/").headers["Location"] == CODE
    assert not is_in(client)
    return client


def test_c07_code_of_the_app_is_asked_for_and_leads_on(secret: str) -> None:
    client = at_second_step()
    with time_machine.travel("2026-11-24 08:00", tick=False):
        client = at_second_step()
        response = client.post(CODE, {"code": code_of(secret)})
        assert response.headers["Location"] == "/records/"
        assert is_in(client)
    assert changes_of(Deed.SIGN_IN)[-1] == {"by": ["password", "mfa"]}


def test_c07_wrong_code_stays_outside_and_is_written_down(secret: str) -> None:
    client = at_second_step()
    wrong = "000000" if code_of(secret) != "000000" else "111111"
    assert client.post(CODE, {"code": wrong}).status_code == 200
    assert not is_in(client)
    assert changes_of(Deed.SIGN_IN_FAILED) == [{"by": "code"}]


def test_c07_five_wrong_codes_lock_the_account(secret: str) -> None:
    client = at_second_step()
    for _time in range(5):
        client.post(CODE, {"code": "not a code"})
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 429
    assert attempt(Client(), "liaison").status_code == 429


def test_c07_a_code_counts_once(secret: str) -> None:
    with time_machine.travel("2026-11-24 08:00", tick=False):
        code = code_of(secret)
        assert at_second_step().post(CODE, {"code": code}).status_code == 302
        assert at_second_step().post(CODE, {"code": code}).status_code == 200


def test_c07_recovery_code_counts_once(world: World, secret: str) -> None:
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    client = at_second_step()
    assert client.post(CODE, {"code": codes[0]}).status_code == 302
    assert is_in(client)
    assert at_second_step().post(CODE, {"code": codes[0]}).status_code == 200


def test_c07_second_step_can_be_left(secret: str) -> None:
    client = at_second_step()
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/sign-in/").status_code == 200


def test_c07_the_step_cannot_be_jumped_over(secret: str) -> None:
    assert Client().get(CODE).headers["Location"] == "/sign-in/"
    client = at_second_step()
    assert client.get("/records/").headers["Location"].startswith("/sign-in/")


def test_secret_is_not_readable_in_the_database(world: World, secret: str) -> None:
    stored = Authenticator.objects.get(type="totp")
    assert secret not in str(stored.data)


def test_c44_secret_outlives_the_replacement_of_the_key(secret: str, settings: LazySettings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 60
    with time_machine.travel("2026-11-24 08:00", tick=False):
        assert at_second_step().post(CODE, {"code": code_of(secret)}).status_code == 302


def test_every_change_of_a_factor_is_written_down(world: World) -> None:
    browser = signed_in(world.liaison)
    with_app(browser)
    browser.post("/account/security/recovery-codes/renew/")
    browser.post("/account/security/app/remove/")
    steps = [entry["step"] for entry in changes_of(Deed.FACTOR)]
    assert steps == ["totp added", "recovery codes renewed", "totp removed"]
    assert not Authenticator.objects.exists()


def test_proof_is_asked_for_again_after_some_minutes(world: World) -> None:
    with time_machine.travel("2026-11-24 08:00", tick=False):
        browser = signed_in(world.liaison)
    with time_machine.travel("2026-11-24 08:16", tick=False):
        response = browser.get("/account/security/app/add/")
        assert response.headers["Location"].startswith("/account/confirm/?next=")
        assert browser.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize("path", [SECURITY, f"{SECURITY}passkeys/add/", f"{SECURITY}app/add/", "/sign-in/"])
def test_pages_of_factors_hold_no_script_of_their_own(world: World, path: str) -> None:
    browser = Client() if path == "/sign-in/" else signed_in(world.liaison)
    response = browser.get(path)
    assert response.status_code == 200
    page = response.content.decode()
    for tag in page.split("<script")[1:]:
        opening = tag.partition(">")[0]
        assert "src=" in opening or 'type="application/json"' in opening  # what a page hands its scripts
    assert "style=" not in page
    assert " onclick" not in page


def test_passkey_sign_in_gives_a_challenge_to_anybody(client: Client, db: None) -> None:
    response = client.get("/account/security/passkeys/sign-in/", headers={"accept": "application/json"})
    assert response.json()["request_options"]["publicKey"]["challenge"]


@pytest.mark.parametrize(
    "credential", ['{"id": "x"}', "[]", "7", '{"response": []}', '{"rawId": 1, "id": 2}']
)
def test_forged_passkey_signs_nobody_in(client: Client, db: None, credential: str) -> None:
    client.get("/account/security/passkeys/sign-in/", headers={"accept": "application/json"})
    response = client.post("/account/security/passkeys/sign-in/", {"credential": credential})
    assert response.headers["Location"] == "/sign-in/"
    assert changes_of(Deed.SIGN_IN_FAILED) == [{"by": "passkey"}]


@pytest.mark.parametrize("path", ["/", "/records/", "/admin/", "/admin/units/unit/", "/account/sessions/"])
def test_c07_staff_without_a_factor_are_led_to_set_one_up(
    world: World, settings: LazySettings, path: str
) -> None:
    settings.REQUIRE_SECOND_FACTOR = "staff"
    browser = Client()
    attempt(browser, "reviewer")
    assert browser.get(path).headers["Location"].startswith(f"{SECURITY}?next=")
    assert browser.get(SECURITY).context["is_factor_missing"] is True


def test_c07_staff_with_a_factor_go_on_and_keep_it(world: World, settings: LazySettings) -> None:
    settings.REQUIRE_SECOND_FACTOR = "staff"
    browser = Client()
    attempt(browser, "administrator")
    with_app(browser)
    assert browser.get("/admin/").status_code == 200
    assert browser.post("/account/security/app/remove/").status_code == 200
    assert Authenticator.objects.filter(type="totp").exists()


@pytest.mark.parametrize(("wanted", "is_led"), [("staff", False), ("none", False), ("all", True)])
def test_c07_liaisons_need_one_only_where_all_do(
    world: World, settings: LazySettings, wanted: str, is_led: bool
) -> None:
    settings.REQUIRE_SECOND_FACTOR = wanted
    browser = Client()
    attempt(browser, "liaison")
    assert (browser.get("/account/sessions/").status_code == 302) is is_led


def test_forged_new_passkey_is_not_stored(world: World) -> None:
    browser = signed_in(world.liaison)
    browser.get(f"{SECURITY}passkeys/add/")
    response = browser.post(f"{SECURITY}passkeys/add/", {"name": "x", "credential": '{"id": "x"}'})
    assert response.status_code == 200
    assert not Authenticator.objects.exists()


def test_secrets_of_factors_are_no_page_of_the_admin(world: World) -> None:
    browser = signed_in(world.administrator)
    for app in ("mfa/authenticator", "usersessions/usersession", "account/emailaddress"):
        assert browser.get(f"/admin/{app}/").status_code == 404
