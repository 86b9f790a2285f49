"""The door: unknown names, forged headers, fixation, lock-out, links by mail (C05, C08, C13)."""

from __future__ import annotations

from unittest import mock

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import management
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.personas import PASSWORD, World
from tests.portal.identity_steps import NEW_PASSWORD, attempt, changes_of, is_in, signed_in
from units.models import Account, AuditEntry, Deed, Mail

FORGOTTEN = "/account/password/forgotten/"


@pytest.mark.parametrize("name", ["liaison", "nobody-of-this-name"])
def test_c13_an_unknown_name_costs_as_much_hashing_as_a_known_one(world: World, name: str) -> None:
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, return_value="md5$a$b") as hashed:
        attempt(Client(), name, "wrong")
    assert hashed.call_count == 1


def test_c13_an_unknown_name_gets_the_same_answer(world: World) -> None:
    answers = [attempt(Client(), name, "wrong") for name in ("liaison", "unknown")]
    assert answers[0].status_code == answers[1].status_code == 200
    errors = [answer.context["form"].non_field_errors() for answer in answers]
    assert errors[0] == errors[1]


def test_c13_a_closed_account_is_not_told_apart(world: World) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(is_active=False)
    closed, unknown = attempt(Client(), "liaison"), attempt(Client(), "unknown")
    assert closed.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_c05_lock_out_survives_an_emptied_cache_and_says_how_long(client: Client, world: World) -> None:
    for _time in range(5):
        attempt(client, "liaison", "wrong")
    cache.clear()
    response = attempt(client, "liaison")
    assert response.status_code == 429
    assert "15" in response.content.decode()
    assert not is_in(client)
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_c05_another_address_and_another_account_are_not_locked(client: Client, world: World) -> None:
    for _time in range(5):
        attempt(client, "liaison", "wrong")
    assert attempt(client, "head").status_code == 302
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert attempt(elsewhere, "liaison").status_code == 302


def test_c05_forged_forwarding_headers_give_no_new_attempts(world: World) -> None:
    for number in range(5):
        attempt(Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"), "liaison", "wrong")
    assert attempt(Client(HTTP_X_FORWARDED_FOR="203.0.113.99"), "liaison").status_code == 429
    addresses = set(AuditEntry.objects.filter(deed=Deed.SIGN_IN_FAILED).values_list("address", flat=True))
    assert addresses == {"127.0.0.1"}


def test_a_forged_remote_user_header_is_nobody(world: World) -> None:
    browser = Client(HTTP_REMOTE_USER="administrator", REMOTE_USER="administrator")
    assert browser.get("/admin/").headers["Location"].startswith("/sign-in/")


def test_c08_a_planted_session_is_worth_nothing(world: World) -> None:
    attacker, victim = Client(), Client()
    attacker.get("/sign-in/")
    session = attacker.session
    session["planted"] = True
    session.save()
    victim.cookies["sessionid"] = str(session.session_key)
    attempt(victim, "liaison")
    assert victim.session.session_key != session.session_key
    assert not is_in(attacker)


def test_nobody_signs_up(client: Client, world: World) -> None:
    for path in ("/account/signup/", "/sign-up/", "/account/email/"):
        assert client.get(path).status_code == 404


def test_the_admin_has_no_door_of_its_own(client: Client, world: World) -> None:
    client.post("/admin/login/", {"username": "administrator", "password": PASSWORD})
    assert not is_in(client)


def ask(client: Client, typed: str) -> None:
    """Ask for a link."""
    response = client.post(FORGOTTEN, {"name": typed})
    assert response.headers["Location"] == reverse("account_reset_password_done")


def test_c13_link_goes_to_the_known_and_the_answer_to_everybody(client: Client, world: World) -> None:
    for typed in ("liaison", "nobody", "nobody@example.com"):
        ask(client, typed)
    assert list(Mail.objects.values_list("address", flat=True)) == ["liaison@example.org"]
    assert AuditEntry.objects.filter(deed=Deed.PASSWORD_ASK).count() == 3


def test_c13_unknown_name_makes_a_mail_that_is_thrown_away(client: Client, world: World) -> None:
    with mock.patch("portal.identity.reset_mails.mail.enqueue") as queued:
        ask(client, "liaison")
        ask(client, "unknown")
    assert queued.call_count == 2


def test_link_is_sent_once_in_ten_minutes(client: Client, world: World) -> None:
    ask(client, "liaison")
    ask(client, "liaison@example.org")
    assert Mail.objects.count() == 1


def test_closed_account_gets_no_link(client: Client, world: World) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(is_active=False)
    ask(client, "liaison")
    assert not Mail.objects.exists()


def link_path(client: Client, settings: LazySettings) -> str:
    """Ask for a link and return its path."""
    ask(client, "liaison")
    text = Mail.objects.get().text
    found = next(line for line in text.splitlines() if line.startswith(settings.BASE_URL))
    return found.removeprefix(settings.BASE_URL)


def test_link_sets_a_password_once_and_ends_all_sessions(world: World, settings: LazySettings) -> None:
    inside, outside = signed_in(world.liaison), Client(HTTP_HOST="localhost")
    path = link_path(outside, settings)
    form = outside.get(path, follow=True)
    action = form.context["action_url"]
    assert "set-password" in action
    outside.post(action, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not is_in(inside)
    assert attempt(Client(), "liaison", NEW_PASSWORD).status_code == 302
    assert Client().get(path).context["token_fail"] is True
    assert changes_of(Deed.PASSWORD_CHANGE) == [{"way": "link by mail"}]


def test_c12_link_refuses_a_weak_password(client: Client, world: World, settings: LazySettings) -> None:
    action = client.get(link_path(client, settings), follow=True).context["action_url"]
    response = client.post(action, {"password1": "xuexiao2026", "password2": "xuexiao2026"})
    assert response.status_code == 200
    assert response.context["form"].errors["password1"]


def test_c69_settings_of_a_server_pass_the_deployment_check() -> None:
    management.call_command("check", "--tag", "security")
