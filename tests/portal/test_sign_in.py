"""Signing in and out, and the language that follows the person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.personas import PASSWORD, World
from units.models import Account, AuditEntry, Deed

SIGN_IN = "/sign-in/"


def attempt(client: Client, username: str, password: str, **more: str) -> int:
    """Send the form and return the status."""
    return client.post(SIGN_IN, {"username": username, "password": password, **more}).status_code


def deeds() -> list[str]:
    """Return the deeds at the door, oldest first."""
    doors = [Deed.SIGN_IN, Deed.SIGN_IN_FAILED, Deed.SIGN_OUT]
    return list(AuditEntry.objects.filter(deed__in=doors).order_by("id").values_list("deed", flat=True))


def test_everybody_may_see_the_form(client: Client, db: None) -> None:
    assert client.get(SIGN_IN).status_code == 200


@pytest.mark.parametrize("typed", ["liaison", "LIAISON", "Liaison", "ｌｉａｉｓｏｎ"])
def test_name_signs_in_however_it_is_written(client: Client, world: World, typed: str) -> None:
    response = client.post(SIGN_IN, {"username": typed, "password": PASSWORD})
    assert response.status_code == 302
    assert response.headers["Location"] == "/"
    assert deeds() == [Deed.SIGN_IN]


def test_wrong_password_says_so_and_keeps_the_name(client: Client, world: World) -> None:
    response = client.post(SIGN_IN, {"username": "liaison", "password": "wrong"})
    assert response.status_code == 200
    assert response.context["form"]["login"].value() == "liaison"
    assert deeds() == [Deed.SIGN_IN_FAILED]


def test_failed_attempt_of_an_unknown_name_keeps_nothing_that_was_typed(client: Client, world: World) -> None:
    attempt(client, "my-secret-password", "x")
    entry = AuditEntry.objects.get(deed=Deed.SIGN_IN_FAILED)
    assert "my-secret-password" not in f"{entry.object_name}{entry.actor_name}{entry.changes}"


def test_c05_sixth_attempt_is_locked_out_even_with_the_right_password(client: Client, world: World) -> None:
    for spelling in ["liaison", "LIAISON", "Liaison", "lIaison", "liAison"]:
        attempt(client, spelling, "wrong")
    assert attempt(client, "liaison", PASSWORD) == 429


def test_closed_account_stays_outside(client: Client, world: World) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(is_active=False)
    assert attempt(client, "liaison", PASSWORD) == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
    ],
)
def test_next_never_leads_elsewhere(client: Client, world: World, target: str) -> None:
    response = client.post(SIGN_IN, {"username": "liaison", "password": PASSWORD, "next": target})
    assert response.headers["Location"] == "/"


def test_next_leads_to_the_page_that_was_asked_for(client: Client, world: World) -> None:
    assert client.get("/records/").headers["Location"] == "/sign-in/?next=/records/"
    response = client.post(SIGN_IN, {"username": "liaison", "password": PASSWORD, "next": "/records/"})
    assert response.headers["Location"] == "/records/"


def test_c08_signing_in_changes_the_session_key(client: Client, world: World) -> None:
    client.get(SIGN_IN)
    session = client.session
    session["campaign"] = world.campaign.pk
    session.save()
    before = client.session.session_key
    attempt(client, "liaison", PASSWORD)
    assert client.session.session_key != before


def test_sign_out_ends_the_session_and_is_written_down(
    world: World, sign_in: Callable[[Account], Client]
) -> None:
    browser = sign_in(world.liaison)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/").status_code == 302
    assert deeds() == [Deed.SIGN_OUT]


def test_language_is_kept_in_the_account_and_comes_back_on_another_device(
    world: World, sign_in: Callable[[Account], Client]
) -> None:
    browser = sign_in(world.liaison)
    response = browser.post(reverse("set-language"), {"language": "en", "next": "/records/"})
    assert response.headers["Location"] == "/records/"
    assert browser.get("/").headers["Content-Language"] == "en"
    other = Client()
    attempt(other, "liaison", PASSWORD)
    assert other.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert other.get("/").headers["Content-Language"] == "en"


def test_language_works_before_signing_in(client: Client, db: None) -> None:
    assert client.get(SIGN_IN).headers["Content-Language"] == "zh-hans"
    client.post(reverse("set-language"), {"language": "en", "next": SIGN_IN})
    assert client.get(SIGN_IN).headers["Content-Language"] == "en"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_language_switch_never_leads_elsewhere(client: Client, db: None, target: str) -> None:
    response = client.post(reverse("set-language"), {"language": "en", "next": target})
    assert response.headers["Location"] == "/"


def test_language_that_the_portal_does_not_speak_is_refused(client: Client, db: None) -> None:
    assert client.post(reverse("set-language"), {"language": "xx"}).status_code == 404
    assert client.get(reverse("set-language")).status_code == 405
