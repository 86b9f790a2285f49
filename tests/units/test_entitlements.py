"""Who may do what here, and what may this person do: the answers and the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.personas import World, person
from units import accounts, entitlements, scope, standing, teams
from units.models import Account, Team, TeamMember
from units.roles import HEAD, LIAISON

SignIn = Callable[[Account], Client]


def people_at(world: World) -> dict[str, set[str]]:
    """Return what each person may do at the first school, by sign-in name."""
    found: dict[str, set[str]] = {}
    for one in entitlements.at(world.school):
        what = one.role.code if one.role else f"team {one.team}"
        found.setdefault(one.person.username, set()).add(what)
    return found


def test_unit_tells_everybody_with_a_right_there(world: World) -> None:
    assert people_at(world) == {
        "liaison": {"liaison"},
        "head": {"head"},
        "member": {"team 第一巡回指导组"},
        "reviewer": {"reviewer"},
        "reviewer2": {"reviewer"},
        "leader": {"leader"},
        "administrator": {"administrator"},
    }


def test_answer_agrees_with_scope(world: World) -> None:
    told = {one.person for one in entitlements.at(world.school)}
    assert told == {account for account in Account.objects.all() if scope.sees(account, world.school)}


def test_each_right_says_where_it_comes_from_and_since_when(world: World) -> None:
    newcomer = accounts.appoint(world.newcomer, LIAISON, actor=world.administrator, unit=world.bureau)
    [one] = [one for one in entitlements.at(world.school) if one.person == newcomer]
    assert (one.unit, one.by) == (world.bureau, str(world.administrator))
    assert one.since is not None
    [member] = [one for one in entitlements.at(world.school) if one.team]
    assert (member.unit, member.since is not None) == (world.school, True)


def test_disabled_and_dismissed_people_are_gone(world: World) -> None:
    standing.disable(world.liaison, actor=None)
    accounts.dismiss(world.head, HEAD, actor=None, unit=world.school)
    assert not {"liaison", "head"} & people_at(world).keys()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("head", 200),
        ("reviewer", 200),
        ("administrator", 200),
        ("liaison", 403),
        ("team_member", 403),
        ("leader", 403),
        ("stranger", 404),
        ("auditor", 404),
        ("newcomer", 404),
    ],
)
def test_who_opens_the_page_of_a_unit(world: World, sign_in: SignIn, who: str, status: int) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(phone="13812345678")
    response = sign_in(getattr(world, who)).get(reverse("unit-people", args=[world.school.pk]))
    assert response.status_code == status
    assert b"13812345678" not in response.content
    assert (b'data-person="liaison"' in response.content) == (status == 200)


def test_page_takes_no_post_and_knows_no_missing_unit(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.head)
    assert browser.post(reverse("unit-people", args=[world.school.pk])).status_code == 405
    foreign = browser.get(reverse("unit-people", args=[world.other_school.pk]))
    missing = browser.get(reverse("unit-people", args=[999999]))
    assert (foreign.status_code, missing.status_code) == (404, 404)


def test_page_costs_the_same_for_few_and_many(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        person(f"p{number}", f"人{number}", (LIAISON, world.school), unit=world.other_school)
    browser = sign_in(world.head)
    with django_assert_max_num_queries(24):
        browser.get(reverse("unit-people", args=[world.school.pk]))


def test_person_is_told_roles_and_teams_with_their_days(world: World) -> None:
    team = Team.objects.get()
    teams.enlist(TeamMember(team=team, account=world.liaison, name="一中联络员"), actor=world.administrator)
    Team.objects.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    role, place = entitlements.of(world.liaison)
    assert (role.role, role.unit, role.moves) == (LIAISON, world.school, True)
    assert (place.team, place.covered, place.is_over, place.moves) == (team, (world.school,), True, False)
