"""Verbs on teams: membership and coverage move the grants."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.personas import World
from units import scope, teams
from units.models import AuditEntry, Deed, Team, TeamMember, TeamUnit
from units.rules import RuleError


def test_a_member_sees_what_the_team_covers_and_nothing_else(world: World) -> None:
    team = teams.form(Team(name="督导组", kind=Team.Kind.INSPECTION), actor=None)
    teams.cover(team, [world.other_school], actor=world.administrator)
    assert not scope.sees(world.newcomer, world.other_school)
    teams.enlist(TeamMember(team=team, account=world.newcomer, name="新职员"), actor=world.administrator)
    assert scope.sees(world.newcomer, world.other_school)
    assert not scope.sees(world.newcomer, world.school)
    assert not scope.may(world.newcomer, scope.REVIEW, world.other_school)


def test_coverage_added_later_reaches_the_members_at_once(world: World) -> None:
    assert not scope.sees(world.team_member, world.other_school)
    teams.cover(Team.objects.get(), [world.other_school], actor=None)
    assert scope.sees(world.team_member, world.other_school)


def test_covering_twice_is_once(world: World) -> None:
    team = Team.objects.get()
    teams.cover(team, [world.school, world.school], actor=world.administrator)
    assert TeamUnit.objects.filter(team=team).count() == 1
    assert not AuditEntry.objects.filter(actor=world.administrator, deed=Deed.GRANT).exists()


def test_a_member_without_an_account_is_on_the_list_and_holds_nothing(world: World) -> None:
    team = Team.objects.get()
    teams.enlist(TeamMember(team=team, name="外聘专家", role=TeamMember.Role.EXPERT), actor=None)
    teams.enlist(TeamMember(team=team, name="外聘专家", role=TeamMember.Role.EXPERT), actor=None)
    assert team.members.filter(account=None).count() == 2
    assert list(team.group.user_set.all()) == [world.team_member]


def test_a_second_membership_or_a_name_that_is_taken_leaves_nothing(world: World) -> None:
    team = Team.objects.get()
    before = (Group.objects.count(), TeamMember.objects.count(), AuditEntry.objects.count())
    with pytest.raises(ValidationError):
        teams.enlist(TeamMember(team=team, account=world.team_member, name="again"), actor=None)
    with pytest.raises(ValidationError):
        teams.form(Team(name=team.name, kind=Team.Kind.PATROL), actor=None)
    assert (Group.objects.count(), TeamMember.objects.count(), AuditEntry.objects.count()) == before


def test_a_team_carries_no_role(world: World) -> None:
    """A team may not be named so that its group is a role's: that would hand out the role."""
    team = teams.form(Team(name="administrator", kind=Team.Kind.TASK_FORCE), actor=None)
    teams.enlist(TeamMember(team=team, account=world.newcomer, name="新职员"), actor=None)
    assert world.newcomer.get_all_permissions() == set()


def test_a_member_who_leaves_sees_nothing_of_it_any_more(world: World) -> None:
    teams.release(TeamMember.objects.get(account=world.team_member), actor=world.administrator)
    assert not scope.sees(world.team_member, world.school)
    assert AuditEntry.objects.filter(deed=Deed.REVOKE, actor=world.administrator).exists()


def test_a_unit_that_is_uncovered_is_out_of_sight(world: World) -> None:
    teams.cover(Team.objects.get(), [world.other_school], actor=None)
    teams.uncover(TeamUnit.objects.get(unit=world.school), actor=world.administrator)
    assert not scope.sees(world.team_member, world.school)
    assert scope.sees(world.team_member, world.other_school)


@pytest.mark.parametrize(
    ("starts", "ends", "sees"),
    [(None, None, True), (0, 0, True), (-9, 0, True), (-9, -1, False), (1, None, False), (None, 5, True)],
)
def test_a_team_gives_grants_on_its_days_alone(
    world: World, starts: int | None, ends: int | None, sees: bool
) -> None:
    day = [
        None if days is None else timezone.localdate() + dt.timedelta(days=days) for days in (starts, ends)
    ]
    Team.objects.update(starts_on=day[0], ends_on=day[1])
    assert scope.sees(world.team_member, world.school) is sees
    assert (scope.OVERSEE in scope.held(world.team_member)) is sees
    assert (world.team_member in scope.holders(world.school, scope.OVERSEE)) is sees
    assert (world.team_member in scope.grantees(scope.OVERSEE)) is sees


def test_a_renamed_team_leaves_its_name_to_another(world: World) -> None:
    Team.objects.update(name="改名")
    team = teams.form(Team(name="第一巡回指导组", kind=Team.Kind.PATROL), actor=None)
    assert team.group != Team.objects.get(name="改名").group


def test_nobody_enlists_themselves(world: World) -> None:
    with pytest.raises(RuleError) as refused:
        teams.enlist(
            TeamMember(team=Team.objects.get(), account=world.administrator, name="我"),
            actor=world.administrator,
        )
    assert refused.value.code == "own_roles"
