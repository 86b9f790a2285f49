"""Passwords: the rules of both policies, former ones, first ones (C02, C03, C04, C12)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from portal.identity.configuration import password_validators
from tests.personas import PASSWORD, World
from tests.portal.identity_steps import NEW_PASSWORD, attempt, is_in, signed_in
from units import passwords
from units.accounts import set_initial_password
from units.models import Account, AuditEntry, Deed, FormerPassword
from units.rules import RuleError

STRONG = ["Ochre-Kettle-41", "Violet-Ladder-52", "Copper-Orchid-63", "Silver-Bamboo-74", "Amber-Lantern-85"]


@pytest.fixture
def mlps(settings: LazySettings) -> None:
    """Ask for what GB/T 22239 asks for."""
    settings.AUTH_PASSWORD_VALIDATORS = password_validators("mlps")
    settings.PASSWORD_MAX_AGE_DAYS = 90


def faults(password: str, account: Account | None = None) -> set[str]:
    """Return the codes of what is wrong with a password."""
    try:
        validate_password(password, account)
    except ValidationError as refused:
        return {str(error.code) for error in refused.error_list}
    return set()


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("short", "password_too_short"),
        ("password1234", "password_too_common"),
        ("xuexiao2026年", "password_of_words"),
        ("滨海学校2026教育局", "password_of_words"),
        ("ＥＤＵ－２０２６－ａｄｍｉｎ", "password_of_words"),
        ("schoolschoolschool", "password_of_words"),
        ("1234567890123", "password_of_words"),
        ("aaaaaaaaaaaaaa", "password_of_words"),
    ],
)
def test_c03_guessable_passwords_are_refused(password: str, expected: str) -> None:
    assert expected in faults(password)


def test_c03_name_of_the_own_unit_is_no_password(world: World) -> None:
    assert "password_of_words" in faults("滨海市第一中学-2026", world.liaison)


@pytest.mark.parametrize(
    "password", [PASSWORD, "x" * 3 + "lange reihe von worten " * 4, "四只黑猫睡在温暖的窗台上面"]
)
def test_c02_long_passwords_of_any_kind_are_taken(password: str) -> None:
    assert faults(password) == set()


def test_c02_nothing_is_cut_off(world: World) -> None:
    long = "bamboo lantern " * 20
    passwords.change_password(world.liaison, long, actor=world.liaison, way="test")
    assert not Account.objects.get(pk=world.liaison.pk).check_password(long[:-1])
    assert attempt(Client(), "liaison", long).status_code == 302


def test_c04_asvs_asks_for_no_kinds_and_no_age(world: World) -> None:
    assert faults("only small letters here") == set()
    assert not passwords.must_change(world.liaison, timezone.now() + dt.timedelta(days=1000))


@pytest.mark.parametrize(
    ("password", "is_wrong"),
    [
        ("only small letters", True),
        ("onlysmallletters7", True),
        ("Small letters here", False),
        ("small-letters-7-here", False),
        ("SmallLettersHere7", False),
    ],
)
def test_c04_mlps_asks_for_three_kinds_of_four(mlps: None, password: str, is_wrong: bool) -> None:
    assert ("password_kinds" in faults(password)) is is_wrong


def test_c04_mlps_refuses_the_last_five(world: World, mlps: None) -> None:
    account = world.liaison
    for password in STRONG:
        passwords.change_password(account, password, actor=account, way="test")
    assert all("password_used_before" in faults(password, account) for password in STRONG)
    passwords.change_password(account, "Willow-Anchor-96", actor=account, way="test")
    assert "password_used_before" not in faults(STRONG[0], account)
    assert FormerPassword.objects.filter(account=account).count() == 5


def test_c04_asvs_refuses_the_present_one_alone(world: World) -> None:
    account = world.liaison
    passwords.change_password(account, STRONG[0], actor=account, way="test")
    assert faults(STRONG[0], account) == {"password_used_before"}
    passwords.change_password(account, STRONG[1], actor=account, way="test")
    assert faults(STRONG[0], account) == set()


def test_c04_mlps_asks_for_a_new_one_after_90_days(world: World, mlps: None) -> None:
    browser = signed_in(world.liaison)
    assert is_in(browser)
    Account.objects.update(password_changed_at=timezone.now() - dt.timedelta(days=90))
    assert browser.get("/records/").headers["Location"] == "/account/password/?next=%2Frecords%2F"
    change = {"oldpassword": PASSWORD, "password1": STRONG[0], "password2": STRONG[0], "next": "/records/"}
    assert browser.post("/account/password/", change).headers["Location"] == "/records/"
    assert is_in(browser)


def test_verb_refuses_what_the_form_would(world: World) -> None:
    with pytest.raises(ValidationError):
        passwords.change_password(world.liaison, "short", actor=world.liaison, way="test")
    assert Account.objects.get(pk=world.liaison.pk).check_password(PASSWORD)


def test_c12_first_password_is_random_and_not_in_the_trail(world: World) -> None:
    first, second = (set_initial_password(world.liaison, actor=world.administrator) for _time in range(2))
    assert first != second
    assert len(first) >= 20
    entry = AuditEntry.objects.filter(deed=Deed.PASSWORD_CHANGE).latest("id")
    assert second not in str(entry.changes)
    assert entry.actor == world.administrator


def test_c12_first_password_leads_to_the_change_and_nowhere_else(world: World) -> None:
    browser = Client()
    first = set_initial_password(world.liaison, actor=None)
    attempt(browser, "liaison", first)
    for path in ("/", "/records/", "/account/sessions/"):
        assert browser.get(path).headers["Location"].startswith("/account/password/?next=")
    same = {"oldpassword": first, "password1": first, "password2": first}
    assert browser.post("/account/password/", same).status_code == 200
    change = {"oldpassword": first, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert browser.post("/account/password/", change).status_code == 302
    assert is_in(browser)
    account = Account.objects.get(pk=world.liaison.pk)
    assert (account.password_is_initial, account.password_expires_at) == (False, None)


def test_c12_first_password_signs_in_once(world: World) -> None:
    first = set_initial_password(world.liaison, actor=None)
    assert attempt(Client(), "liaison", first).status_code == 302
    again = attempt(Client(), "liaison", first)
    assert again.status_code == 200
    assert again.context["form"].has_error("__all__", "first_password_over")


def test_c12_of_two_at_once_one_gets_in(world: World) -> None:
    set_initial_password(world.liaison, actor=None)
    one, other = (Account.objects.get(pk=world.liaison.pk) for _time in range(2))
    passwords.use_up_first_password(one)
    with pytest.raises(RuleError) as refused:
        passwords.use_up_first_password(other)
    assert refused.value.code == "first_password_over"


def test_c12_first_password_is_over_after_seven_days(world: World) -> None:
    with time_machine.travel("2026-11-01 08:00", tick=False):
        first = set_initial_password(world.liaison, actor=None)
    with time_machine.travel("2026-11-08 08:01", tick=False):
        response = attempt(Client(), "liaison", first)
    assert response.context["form"].has_error("__all__", "first_password_over")


def test_c12_a_new_first_password_ends_the_sessions(world: World) -> None:
    browser = signed_in(world.liaison)
    set_initial_password(world.liaison, actor=world.administrator)
    assert not is_in(browser)


def test_wrong_first_password_is_told_nothing_of_its_age(world: World) -> None:
    set_initial_password(world.liaison, actor=None)
    response = attempt(Client(), "liaison", "wrong")
    assert not response.context["form"].has_error("__all__", "first_password_over")
