"""What is no form of one's own is not kept: strangers, nonsense, too much of it."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from reports.records import keeping
from reports.records.models import WorkingCopy
from reports.records.typed import LONGEST, Typed
from tests.personas import World
from tests.reports.record_forms import SignIn
from tests.reports.unsent_forms import KEEP, keep, tab_form
from units.accounts import appoint
from units.roles import LIAISON
from units.rules import RuleError


@pytest.mark.parametrize("page", ["typed-open", "typed-drop"])
@pytest.mark.parametrize("who", ["stranger", "administrator", "head"])
def test_c27_a_copy_is_its_persons_alone(world: World, sign_in: SignIn, page: str, who: str) -> None:
    keep(sign_in(world.liaison), world.liaison, tab_form(world))
    address = reverse(f"records:{page}", args=[WorkingCopy.objects.get().pk])
    browser = sign_in(getattr(world, who))
    answer = browser.get(address) if page == "typed-open" else browser.post(address)
    assert answer.status_code == 404
    assert WorkingCopy.objects.exists()


def test_nobody_keeps_a_form_of_a_unit_that_is_not_theirs(world: World, sign_in: SignIn) -> None:
    record = world.draft()
    for form in (tab_form(world), tab_form(world, record)):
        assert keep(sign_in(world.stranger), world.stranger, form).status_code == 404
    assert not WorkingCopy.objects.exists()


def test_who_does_not_report_is_turned_away(world: World, sign_in: SignIn) -> None:
    for who in (world.leader, world.auditor):
        assert keep(sign_in(who), who, tab_form(world)).status_code == 403
    assert keep(Client(), world.liaison, tab_form(world)).status_code == 302


def test_nothing_is_kept_for_somebody_else_who_has_signed_in_since(world: World, sign_in: SignIn) -> None:
    appoint(world.stranger, LIAISON, actor=None, unit=world.school)
    answer = keep(sign_in(world.stranger), world.liaison, tab_form(world))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "other_person")
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"\xff", 400),
        (b'{"person": 1}', 400),
        (b'{"person": null, "sequence": 1, "fields": {}}', 400),
        (b"[" * 100_000, 400),
        (b"x" * (LONGEST * 4 + 1), 413),
    ],
)
def test_nonsense_is_refused(world: World, sign_in: SignIn, body: bytes, status: int) -> None:
    answer = sign_in(world.liaison).post(KEEP, body, content_type="application/json")
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"about": "1:2"}, 400),
        ({"about": "a:b:c"}, 400),
        ({"about": "::"}, 400),
        ({"key": "x"}, 400),
        ({"version": "-1"}, 400),
        ({"taken_up": "x:y"}, 400),
        ({"about": "999999:999999:"}, 404),
        ({"text": "长" * (LONGEST + 1)}, 413),
    ],
)
def test_a_form_that_is_none_of_ours_is_refused(
    world: World, sign_in: SignIn, changed: dict[str, str], status: int
) -> None:
    assert keep(sign_in(world.liaison), world.liaison, tab_form(world) | changed).status_code == status
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("sequence", [-1, 2**53, 10**400])
def test_a_sequence_beyond_numbers_is_refused(world: World, sign_in: SignIn, sequence: int) -> None:
    assert keep(sign_in(world.liaison), world.liaison, tab_form(world), sequence=sequence).status_code == 400


def test_nobody_keeps_more_than_a_hundred(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_COPIES", 2)
    browser = sign_in(world.liaison)
    answers = [keep(browser, world.liaison, tab_form(world)).status_code for _ in range(3)]
    assert answers == [200, 200, 409]


@pytest.mark.parametrize("told", ["1:2:3:4", "", "1", "１:2:"])
def test_what_a_form_is_about_is_read_strictly(told: str) -> None:
    with pytest.raises(RuleError):
        Typed.of({"key": [str(uuid.uuid4())], "tab": [str(uuid.uuid4())], "about": [told]})
