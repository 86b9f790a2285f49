"""The tree of units and the page of one unit: who sees what, and at which cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.reorganisation import merging
from tests.personas import World, unit
from units import lifecycle, scope, tree
from units.browsing import PAGE_SIZE
from units.models import Account, Unit, UnitKind

SignIn = Callable[[Account], Client]
LIST = "/units/"


def page(one: Unit) -> str:
    return reverse("units:unit-detail", args=[one.pk])


def branch(one: Unit) -> str:
    return reverse("units:unit-children", args=[one.pk])


def plant_schools(world: World, number: int, parent: Unit | None = None) -> list[Unit]:
    kind = UnitKind.objects.get(code="school")
    new = (
        Unit(code=f"N{i}", name=f"新建第{i}小学", kind=kind, parent=parent or world.bureau)
        for i in range(number)
    )
    return tree.plant_many(new, actor=None)


def test_tree_opens_below_its_only_root(world: World, sign_in: SignIn) -> None:
    told = sign_in(world.leader).get(LIST)
    assert told.status_code == 200
    assert [one.code for one in told.context["shelf"].units] == ["B"]
    assert [one.code for one in told.context["below"].units] == ["S1", "S2", "S3"]
    assert told.content.count(b'data-standing="closed"') == 1


def test_liaison_sees_own_unit_alone(world: World, sign_in: SignIn) -> None:
    told = sign_in(world.liaison).get(LIST)
    assert [one.code for one in told.context["shelf"].units] == ["S1"]
    for words in ("中学", "S2", "bhs", "第二"):
        found = sign_in(world.liaison).get(LIST, {"q": words})
        assert {one.code for one in found.context["shelf"].units} <= {"S1"}
        assert world.other_school.name not in found.content.decode().replace(f'value="{words}"', "")


@pytest.mark.parametrize("words", ["第一", "bhsdyzx", "S1"])
def test_search_tells_what_a_unit_stands_under(world: World, sign_in: SignIn, words: str) -> None:
    told = sign_in(world.leader).get(LIST, {"q": words})
    (line,) = told.context["lines"]
    assert line == (world.school, [world.bureau])


def test_search_that_finds_nothing_says_so(world: World, sign_in: SignIn) -> None:
    told = sign_in(world.leader).get(LIST, {"q": "<script>alert(1)</script>"})
    assert told.status_code == 200
    assert b"<script>alert" not in told.content
    assert told.context["lines"] == []


def test_unit_page_shows_facts_trail_branch_and_teams(world: World, sign_in: SignIn) -> None:
    Unit.objects.filter(pk=world.school.pk).update(n_students=1234, counted_on=dt.date(2026, 9, 1))
    told = sign_in(world.leader).get(page(world.school))
    assert told.context["above"] == [world.bureau]
    assert [row.team.name for row in told.context["covering"]] == ["第一巡回指导组"]
    assert b'data-counted="2026-09-01"' in told.content
    assert "1,234" in told.content.decode()


def test_team_that_covers_from_above_is_named(world: World, sign_in: SignIn) -> None:
    branch_school = unit("S1A", "一中分校", "school", world.school)
    told = sign_in(world.leader).get(page(branch_school))
    assert [row.unit for row in told.context["covering"]] == [world.school]


def test_stranger_gets_what_a_missing_unit_gets(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.stranger)
    for address in (page, branch):
        foreign, missing = browser.get(address(world.school)), browser.get(address(Unit(pk=10**8)))
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert world.school.name not in foreign.content.decode()


@pytest.mark.parametrize("who", ["newcomer", "auditor"])
def test_person_without_a_role_is_refused(world: World, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(world, who))
    assert browser.get(LIST).status_code == 403
    assert browser.get(page(world.school)).status_code == 404


@pytest.mark.parametrize("address", ["", "1/", "1/children/"])
def test_visitor_is_led_to_sign_in_and_nothing_takes_a_post(
    world: World, sign_in: SignIn, client: Client, address: str
) -> None:
    assert client.get(LIST + address).status_code == 302
    assert sign_in(world.leader).post(LIST + address).status_code == 405


def test_names_above_are_told_as_far_as_the_person_sees(world: World, sign_in: SignIn) -> None:
    told = sign_in(world.liaison).get(page(world.school))
    assert told.context["above"] == []
    assert reverse("units:unit-detail", args=[world.bureau.pk]) not in told.content.decode()


def test_merged_unit_stays_readable_and_leads_to_its_successor(world: World, sign_in: SignIn) -> None:
    merging.merge(world.school, world.other_school, on=world.today, actor=world.administrator)
    told = sign_in(world.leader).get(page(world.school))
    assert told.status_code == 200
    assert b"data-merged" in told.content
    assert page(world.other_school) in told.content.decode()
    assert sign_in(world.liaison).get(page(world.school)).status_code == 404


def test_closed_and_coming_units_are_shown_as_such(world: World, sign_in: SignIn) -> None:
    soon = world.today + dt.timedelta(days=9)
    lifecycle.close(world.school, on=soon, actor=world.administrator)
    unit("S9", "滨海市新城小学", "school", world.bureau, opened_on=soon)
    told = sign_in(world.leader).get(branch(world.bureau)).content.decode()
    for standing in ("closed", "closing", "coming"):
        assert told.count(f'data-standing="{standing}"') == 1


def test_branch_comes_in_parts_without_loss_or_repetition(world: World, sign_in: SignIn) -> None:
    plant_schools(world, 2 * PAGE_SIZE)
    browser, codes, after = sign_in(world.leader), [], ""
    while True:
        shelf = browser.get(branch(world.bureau), {"after": after}).context["shelf"]
        codes += [one.code for one in shelf.units]
        after = shelf.rest
        if not after:
            break
    assert codes == ["S1", "S2", "S3", *(f"N{i}" for i in range(2 * PAGE_SIZE))]


@pytest.mark.parametrize("after", ["x", "-1", "9" * 400, "０００", "1;--", "\u202e"])
def test_bad_place_to_go_on_from_begins_at_the_top(world: World, sign_in: SignIn, after: str) -> None:
    told = sign_in(world.leader).get(branch(world.bureau), {"after": after})
    assert [one.code for one in told.context["shelf"].units] == ["S1", "S2", "S3"]


@pytest.mark.parametrize("name", ["\u202egnp.exe学校", "<b>x</b>学校", "𬭸𰻞县中学", "=1+1学校", "a" * 200])
def test_hostile_names_are_shown_as_text(world: World, sign_in: SignIn, name: str) -> None:
    strange = unit("X1", name, "school", world.bureau)
    for address in (LIST, page(strange)):
        told = sign_in(world.leader).get(address).content.decode()
        assert "<b>x</b>" not in told
        assert "<bdi>" in told


def test_manager_is_led_to_the_admin(world: World, sign_in: SignIn) -> None:
    link = reverse("admin:units_unit_change", args=[world.school.pk]).encode()
    assert link in sign_in(world.administrator).get(page(world.school)).content
    assert link not in sign_in(world.reviewer).get(page(world.school)).content
    world.leader.user_permissions.add(Permission.objects.get(codename="change_unit"))
    assert link not in sign_in(world.leader).get(page(world.school)).content


def test_c20_revoked_grant_works_at_the_next_request(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    assert browser.get(page(world.school)).status_code == 200
    scope.revoke(world.liaison, scope.REPORT, world.school)
    assert browser.get(page(world.school)).status_code == 404


@pytest.mark.parametrize("address", ["list", "search", "detail", "children"])
def test_pages_cost_the_same_for_50_and_3000_units(world: World, sign_in: SignIn, address: str) -> None:
    browser = sign_in(world.reviewer)
    addresses = {
        "list": LIST,
        "search": LIST + "?q=小学",
        "detail": page(world.bureau),
        "children": branch(world.bureau),
    }

    def n_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(addresses[address]).status_code == 200
        return len(queries)

    plant_schools(world, 50)
    few = n_queries()
    kind = UnitKind.objects.get(code="school")
    more = (Unit(code=f"M{i}", name=f"大规模第{i}小学", kind=kind, parent=world.bureau) for i in range(2950))
    tree.plant_many(more, actor=None)
    assert n_queries() == few
    assert few <= 16
