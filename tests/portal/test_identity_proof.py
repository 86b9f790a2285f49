"""Before a deed that changes what people may do, a proof of some minutes ago is not enough (C07)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal.identity.proof import GRAVE
from portal.policies import POLICIES
from tests.personas import PASSWORD, World
from tests.portal.identity_steps import browser_of, code_of, signed_in, with_app
from units import accounts
from units.models import Account, AuditEntry, Deed, Team, TeamMember
from units.roles import LIAISON

Forms = dict[str, Callable[[World], tuple[str, dict[str, object]]]]


def about(name: str, account: Account) -> str:
    """Return a page about an account."""
    return reverse(f"admin:units_account_{name}", args=[account.pk])


def member_form(world: World) -> tuple[str, dict[str, object]]:
    """Return the page of the team, and the form that takes one more member in."""
    team = Team.objects.get()
    covered = team.coverage.get()
    form: dict[str, object] = {"name": team.name, "kind": team.kind}
    form |= {f"members-{name}": 1 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    form |= {f"coverage-{name}": 1 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    form |= {"members-TOTAL_FORMS": 2, "members-0-id": team.members.get().pk, "members-0-team": team.pk}
    form |= {"members-1-name": "新职员", "members-1-role": "member", "members-1-account": world.newcomer.pk}
    form |= {"members-1-team": team.pk, "coverage-0-id": covered.pk, "coverage-0-team": team.pk}
    return f"{reverse('admin:units_team_change', args=[team.pk])}?_changelist_filters=kind%3Dpatrol", form


FORMS: Forms = {
    "appoint": lambda w: (about("roles", w.newcomer), {"role": "liaison", "unit": w.school.pk}),
    "dismiss": lambda w: (about("dismiss", w.liaison), {"role": "liaison", "unit": w.school.pk}),
    "first password": lambda w: (about("password", w.liaison), {}),
    "disable": lambda w: (about("disable", w.liaison), {}),
    "hand over": lambda w: (about("hand_over", w.liaison), {"new": w.head.pk}),
    "invite": lambda w: (
        reverse("admin:units_account_add"),
        {"name": "王小明", "unit": w.school.pk, "role": "liaison"},
    ),
    "enlist": member_form,
    "change an address": lambda w: (
        about("change", w.liaison),
        {"username": "liaison", "name": "改名", "unit": w.school.pk, "language": "zh-hans"},
    ),
}


def facts() -> list[object]:
    """Return what the forms above change."""
    people = Account.objects.order_by("pk")
    return [
        list(people.values_list("pk", "name", "password", "is_active", "is_staff")),
        [[(one.role.code, one.unit) for one in accounts.held(account)] for account in people],
        list(TeamMember.objects.values_list("pk", "account")),
    ]


@pytest.mark.parametrize("what", FORMS)
def test_c07_deed_waits_for_a_fresh_proof_and_then_goes_on_by_itself(world: World, what: str) -> None:
    address, form = FORMS[what](world)
    before, browser = facts(), browser_of(world.administrator, minutes_ago=16)
    led = browser.post(address, form).headers["Location"]
    assert led.startswith("/account/confirm/?next=")
    assert "kept and goes on" in browser.get(led, headers={"Accept-Language": "en"}).content.decode()
    assert facts() == before
    back = browser.post(led, {"password": PASSWORD}).headers["Location"]
    assert back.startswith(address.partition("?")[0])
    assert facts() == before
    assert browser.get(back).status_code in (200, 302)
    done = facts()
    assert done != before
    browser.get(back)
    assert facts() == done


@pytest.mark.parametrize("what", FORMS)
def test_c07_fresh_proof_is_enough(world: World, what: str) -> None:
    address, form = FORMS[what](world)
    before = facts()
    browser_of(world.administrator, minutes_ago=14).post(address, form)
    assert facts() != before


def test_c07_form_with_an_error_comes_back_filled(world: World) -> None:
    browser = browser_of(world.administrator, minutes_ago=16)
    led = browser.post(about("roles", world.newcomer), {"role": "head", "unit": ""}).headers["Location"]
    page = browser.get(browser.post(led, {"password": PASSWORD}).headers["Location"])
    assert page.context["form"].errors
    assert page.context["form"]["role"].value() == "head"


def test_c07_wrong_password_proves_nothing(world: World) -> None:
    address, form = FORMS["appoint"](world)
    before, browser = facts(), browser_of(world.administrator, minutes_ago=16)
    led = browser.post(address, form).headers["Location"]
    assert browser.post(led, {"password": "wrong"}).status_code == 200
    back = re.sub(r".*next=", "", led)
    browser.get(back)
    assert facts() == before


def test_c07_kept_form_goes_on_for_its_token_alone(world: World) -> None:
    address, form = FORMS["appoint"](world)
    before, browser = facts(), browser_of(world.administrator, minutes_ago=16)
    led = browser.post(address, form).headers["Location"]
    browser.post(led, {"password": PASSWORD})
    for guess in (address, f"{address}?go_on=", f"{address}?go_on=guess"):
        assert browser.get(guess).status_code == 200
    assert facts() == before


def test_c07_kept_form_is_nobody_elses(world: World) -> None:
    address, form = FORMS["appoint"](world)
    led = browser_of(world.administrator, minutes_ago=16).post(address, form).headers["Location"]
    back = browser_of(world.administrator).post(led, {"password": PASSWORD}).headers["Location"]
    before = facts()
    assert browser_of(world.administrator).get(back).status_code == 200
    assert facts() == before


def test_c07_role_that_ended_meanwhile_counts(world: World) -> None:
    address, form = FORMS["appoint"](world)
    browser = browser_of(world.administrator, minutes_ago=16)
    led = browser.post(address, form).headers["Location"]
    back = browser.post(led, {"password": PASSWORD}).headers["Location"]
    world.administrator.groups.clear()
    before = facts()
    assert browser.get(back).status_code == 403
    assert facts() == before


def test_c07_code_of_the_app_proves_it_too(world: World) -> None:
    with time_machine.travel("2026-11-24 08:00", tick=False):
        browser = signed_in(world.administrator)
        secret = with_app(browser)
    with time_machine.travel("2026-11-24 08:16", tick=False):
        address, form = FORMS["appoint"](world)
        led = browser.post(address, form).headers["Location"]
        again = led.replace("/account/confirm/", "/account/security/code/confirm/")
        browser.get(browser.post(again, {"code": code_of(secret)}).headers["Location"])
    assert [one.role for one in accounts.held(world.newcomer)] == [LIAISON]
    assert AuditEntry.objects.filter(deed=Deed.GRANT, actor=world.administrator).count() == 1


def test_c07_looking_asks_for_nothing(world: World) -> None:
    browser: Client = browser_of(world.administrator, minutes_ago=16)
    for name in ("roles", "change", "hand_over"):
        assert browser.get(about(name, world.liaison)).status_code == 200


def test_c07_every_grave_address_is_one_of_the_portal() -> None:
    assert POLICIES.keys() >= GRAVE
