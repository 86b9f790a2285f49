"""The answers to “which units may this person …”."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from reports.records.models import ActivityRecord
from tests.personas import World, person, unit
from units import scope
from units.accounts import appoint, dismiss
from units.models import Account, Unit, UnitKind
from units.roles import LEADER, LIAISON, REVIEWER
from units.tree import plant_many

ALL = (scope.REPORT, scope.SIGN, scope.REVIEW, scope.OVERSEE)


def codes(user: scope.Person, *permissions: str) -> set[str]:
    """Return the codes of the units at which `user` holds any of `permissions`."""
    return set(scope.units(user, *permissions).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("who", "permission", "reached"),
    [
        ("liaison", scope.REPORT, {"S1"}),
        ("liaison", scope.REVIEW, set()),
        ("liaison", scope.OVERSEE, set()),
        ("head", scope.SIGN, {"S1"}),
        ("head", scope.REPORT, set()),
        ("stranger", scope.REPORT, {"S2"}),
        ("reviewer", scope.REVIEW, {"B", "S1", "S2", "S3"}),
        ("reviewer", scope.REPORT, set()),
        ("team_member", scope.OVERSEE, {"S1"}),
        ("team_member", scope.REVIEW, set()),
        ("leader", scope.OVERSEE, {"B", "S1", "S2", "S3"}),
        ("leader", scope.REVIEW, set()),
        ("administrator", scope.OVERSEE, {"B", "S1", "S2", "S3"}),
        ("administrator", scope.REVIEW, set()),
        ("administrator", scope.REPORT, set()),
        ("auditor", scope.OVERSEE, set()),
        ("newcomer", scope.OVERSEE, set()),
    ],
)
def test_each_role_reaches_its_units_and_no_other(
    world: World, who: str, permission: str, reached: set[str]
) -> None:
    account: Account = getattr(world, who)
    assert codes(account, permission) == reached
    for each in Unit.objects.all():
        assert scope.may(account, permission, each) == (each.code in reached)
        assert scope.reach(account, permission).covers(each.path) == (each.code in reached)


def test_several_permissions_are_added_up(world: World) -> None:
    appoint(world.liaison, REVIEWER, actor=None, unit=world.other_school)
    assert codes(world.liaison, scope.REPORT, scope.REVIEW) == {"S1", "S2"}
    assert scope.sees(world.liaison, world.other_school)
    assert not scope.sees(world.liaison, world.bureau)


@pytest.mark.parametrize("permission", ALL)
def test_anonymous_reaches_nothing(world: World, permission: str) -> None:
    nobody = AnonymousUser()
    assert scope.reach(nobody, permission).is_empty
    assert codes(nobody, permission) == set()
    assert not ActivityRecord.objects.visible_to(nobody).exists()


@pytest.mark.parametrize("who", ["liaison", "team_member", "leader"])
def test_an_account_that_is_switched_off_reaches_nothing(world: World, who: str) -> None:
    account: Account = getattr(world, who)
    assert not scope.reach(account, *ALL).is_empty
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert scope.reach(Account.objects.get(pk=account.pk), *ALL).is_empty
    assert account not in scope.holders(world.school, scope.REPORT)
    assert account not in scope.grantees(scope.OVERSEE)


def test_a_grant_covers_the_whole_subtree_and_nothing_beside_it(world: World) -> None:
    branch = unit("S11", "滨海市第一中学东校区", "school", world.school)
    leaf = unit("S111", "滨海市第一中学东校区附属园", "school", branch)
    assert codes(world.liaison, scope.REPORT) == {"S1", "S11", "S111"}
    assert not scope.may(world.stranger, scope.REPORT, leaf)
    below = person("below", "附属园联络员", (LIAISON, leaf))
    assert codes(below, scope.REPORT) == {"S111"}


def test_nested_and_repeated_grants_are_one(world: World) -> None:
    appoint(world.reviewer, REVIEWER, actor=None, unit=world.school)
    appoint(world.reviewer, REVIEWER, actor=None, unit=world.bureau)
    assert scope.reach(world.reviewer, scope.REVIEW).paths == (world.bureau.path,)


def test_c20_a_revoked_grant_is_gone_for_the_account_already_loaded(world: World) -> None:
    assert scope.may(world.liaison, scope.REPORT, world.school)
    dismiss(world.liaison, LIAISON, actor=None, unit=world.school)
    assert not scope.may(world.liaison, scope.REPORT, world.school)
    assert world.liaison not in scope.holders(world.school, scope.REPORT)


def test_c20_a_revoked_role_for_all_units_is_gone_for_the_account_already_loaded(world: World) -> None:
    """A long task holds its account; the model's own permission cache must not outlive the dismissal."""
    assert scope.may(world.leader, scope.OVERSEE, world.school)
    dismiss(world.leader, LEADER, actor=None)
    assert not scope.may(world.leader, scope.OVERSEE, world.school)
    assert world.leader not in scope.grantees(scope.OVERSEE)


def test_a_role_for_all_units_given_now_counts_now(world: World) -> None:
    assert not scope.may(world.newcomer, scope.OVERSEE, world.school)
    appoint(world.newcomer, LEADER, actor=None)
    assert scope.may(world.newcomer, scope.OVERSEE, world.school)


def test_a_group_grant_ends_with_the_membership(world: World) -> None:
    group = Group.objects.create(name="专班")
    world.newcomer.groups.add(group)
    scope.grant(group, scope.OVERSEE, world.other_school)
    assert codes(world.newcomer, scope.OVERSEE) == {"S2"}
    assert world.newcomer in scope.holders(world.other_school, scope.OVERSEE)
    world.newcomer.groups.remove(group)
    assert codes(world.newcomer, scope.OVERSEE) == set()


def test_a_permission_of_another_model_with_the_same_name_reaches_nothing(world: World) -> None:
    """Only codenames on Unit count: view_account or a namesake elsewhere opens no unit."""
    kind = Permission.objects.get(content_type__app_label="units", codename="view_account").content_type
    namesake = Permission.objects.create(codename=scope.OVERSEE, content_type=kind, name="namesake")
    world.newcomer.user_permissions.add(namesake)
    assert scope.reach(world.newcomer, scope.OVERSEE).is_empty
    assert world.newcomer not in scope.grantees(scope.OVERSEE)


def test_whoever_holds_a_permission_for_all_units_sees_drafts_as_a_liaison_does(world: World) -> None:
    """Q() is the identity of both AND and OR: "everything" has to be a condition of its own."""
    draft = world.draft()
    permission = Permission.objects.get(content_type__model="unit", codename=scope.REPORT)
    world.newcomer.user_permissions.add(permission)
    assert draft in ActivityRecord.objects.visible_to(world.newcomer)
    assert draft not in ActivityRecord.objects.visible_to(world.leader)


def test_a_unit_without_a_path_opens_nothing_else(world: World) -> None:
    """A row written past the verb `plant` has no path; a grant on it must not cover the tree."""
    stray = Unit.objects.create(code="X", name="无路径", kind=UnitKind.objects.get(code="school"))
    appoint(world.newcomer, LIAISON, actor=None, unit=stray)
    assert scope.reach(world.newcomer, scope.REPORT).is_empty
    assert codes(world.newcomer, scope.REPORT) == set()


def test_deleting_a_unit_leaves_no_grant_for_the_next_one_of_its_number(world: World) -> None:
    lost = unit("S9", "撤并小学", "school", world.bureau)
    appoint(world.newcomer, LIAISON, actor=None, unit=lost)
    pk, path = lost.pk, lost.path
    lost.delete()
    heir = Unit.objects.create(pk=pk, code="S10", name="新校", kind=UnitKind.objects.get(code="school"))
    Unit.objects.filter(pk=pk).update(path=path)
    heir.refresh_from_db()
    assert not scope.may(world.newcomer, scope.REPORT, heir)
    assert world.newcomer not in scope.holders(heir, scope.REPORT)


def test_holders_are_those_with_a_grant_here_or_above(world: World) -> None:
    at_school = scope.holders(world.school, scope.REVIEW)
    assert set(at_school) == {world.reviewer, world.second_reviewer}
    assert set(scope.holders(world.school, scope.REPORT)) == {world.liaison}
    assert set(scope.holders(world.bureau, scope.REPORT)) == set()
    assert set(scope.holders(world.school, scope.OVERSEE)) == {world.team_member}


def test_grantees_hold_a_permission_anywhere_each_once(world: World) -> None:
    appoint(world.liaison, LIAISON, actor=None, unit=world.other_school)
    assert list(scope.grantees(scope.REPORT).order_by("username")) == [world.liaison, world.stranger]
    everywhere = {world.leader, world.administrator, world.team_member}
    assert set(scope.grantees(scope.OVERSEE)) == everywhere


def test_the_question_costs_the_same_with_5_and_with_5000_units(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [world.liaison, world.reviewer, world.team_member, world.leader, world.newcomer]
    school = UnitKind.objects.get(code="school")
    for n_more in (0, 5000):
        new = [Unit(code=f"N{n}", name=f"新{n}", kind=school, parent=world.bureau) for n in range(n_more)]
        plant_many(new, actor=None)
        with django_assert_num_queries(len(people)):
            reaches = [scope.reach(account, *scope.READ) for account in people]
        assert [len(reach.paths) for reach in reaches] == [1, 1, 1, 0, 0]


def test_c27_get_or_404_gives_the_same_for_foreign_and_missing(world: World) -> None:
    mine = ActivityRecord.objects.visible_to(world.stranger)
    messages = set()
    for pk in (world.submitted().pk, 10**9):
        with pytest.raises(Http404) as missing:
            scope.get_or_404(mine, pk=pk)
        messages.add(str(missing.value))
    assert len(messages) == 1
