"""The page of one's own account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.personas import World
from tests.portal.identity_steps import browser_of, signed_in
from units.models import Account, AuditEntry, Deed

SignIn = Callable[[Account], Client]
PERSONAS = ["liaison", "head", "reviewer", "team_member", "leader", "administrator", "auditor", "newcomer"]


@pytest.mark.parametrize("who", PERSONAS)
def test_everybody_opens_their_own(world: World, sign_in: SignIn, who: str) -> None:
    account: Account = getattr(world, who)
    response = sign_in(account).get(reverse("account"))
    assert response.status_code == 200
    assert account.username in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_visitor_is_led_to_sign_in(db: None, client: Client) -> None:
    assert client.get(reverse("account")).status_code == 302


def test_page_tells_the_roles(world: World, sign_in: SignIn) -> None:
    assert b'data-role="liaison"' in sign_in(world.liaison).get(reverse("account")).content


def test_person_sets_what_is_theirs(world: World) -> None:
    browser = signed_in(world.liaison)
    data = {"phone": "138 1234-5678", "email": "new@example.org", "language": "en"}
    assert browser.post(reverse("account"), data).headers["Location"] == reverse("account")
    account = Account.objects.get(pk=world.liaison.pk)
    assert (account.phone, account.email, account.language, account.wants_digest) == (
        "13812345678",
        "new@example.org",
        "en",
        False,
    )
    entry = AuditEntry.objects.filter(deed=Deed.CHANGE, object_id=str(account.pk)).latest("id")
    assert entry.actor == account


def test_c18_no_other_field_changes(world: World) -> None:
    was: dict[str, object] = dict(Account.objects.values().get(pk=world.liaison.pk))
    forged = dict.fromkeys(was, "1") | {"groups": ["1"], "user_permissions": ["1"], "unit": "1"}
    own = {"phone": was["phone"], "email": was["email"], "language": "zh-hans", "wants_digest": "on"}
    assert signed_in(world.liaison).post(reverse("account"), forged | own).status_code == 302
    becomes: dict[str, object] = dict(Account.objects.values().get(pk=world.liaison.pk))
    changed = {name for name in was if was[name] != becomes[name]} - {"last_login", "phone"}
    assert changed == set()
    assert Account.objects.get(pk=world.liaison.pk).groups.count() == 0


@pytest.mark.parametrize(("field", "value"), [("email", "x"), ("phone", "abc"), ("language", "xx")])
def test_what_is_wrong_is_told_at_its_field(world: World, field: str, value: str) -> None:
    data = {"phone": "", "email": "liaison@example.org", "language": "en"} | {field: value}
    response = signed_in(world.liaison).post(reverse("account"), data)
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert Account.objects.get(pk=world.liaison.pk).language == "zh-hans"


def test_another_address_asks_for_proof_in_an_old_session(world: World) -> None:
    browser = browser_of(world.liaison, minutes_ago=16)
    data = {"phone": "", "email": "thief@example.org", "language": "zh-hans", "wants_digest": "on"}
    response = browser.post(reverse("account"), data)
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert Account.objects.get(pk=world.liaison.pk).email == "liaison@example.org"
    quiet = data | {"email": "liaison@example.org", "language": "en"}
    assert browser.post(reverse("account"), quiet).headers["Location"] == reverse("account")


def test_page_costs_little(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = sign_in(world.liaison)
    with django_assert_max_num_queries(22):
        browser.get(reverse("account"))
