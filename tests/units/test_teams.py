"""Verbs on teams: membership and coverage move the grants."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from tests.personas import World
from units import scope, teams
from units.models import AuditEntry, Deed, Team, TeamMember, TeamUnit


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
