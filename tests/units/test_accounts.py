"""Verbs on accounts: opening, appointing, dismissing."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.management import call_command

from tests.personas import PASSWORD, World
from units import scope
from units.accounts import appoint, dismiss, group_of, open_account, refresh_roles
from units.models import Account, AuditEntry, Deed, UnitUserObjectPermission
from units.roles import ADMINISTRATOR, AUDITOR, HEAD, LEADER, LIAISON, REVIEWER, ROLES, Role
from units.rules import RuleError


def test_an_opened_account_has_a_hashed_password_and_no_rights(world: World) -> None:
    account = open_account(Account(username="neu", name="新人"), PASSWORD, actor=world.administrator)
    assert account.check_password(PASSWORD)
    assert PASSWORD not in account.password
    assert (account.is_staff, account.is_superuser, account.get_all_permissions()) == (False, False, set())
    entry = AuditEntry.objects.get(object_type="units.account", object_id=str(account.pk))
    assert (entry.deed, entry.actor) == (Deed.CREATE, world.administrator)
    assert PASSWORD not in str(entry.changes)


@pytest.mark.django_db
def test_c11_no_account_is_there_after_installing() -> None:
    assert not Account.objects.exists()


@pytest.mark.parametrize("username", ["liaison", "LIAISON", "Liaison", "ｌｉａｉｓｏｎ", "", "a b"])
def test_c01_a_name_that_is_taken_or_wrong_is_refused(world: World, username: str) -> None:
    before = Account.objects.count()
    with pytest.raises(ValidationError) as refused:
        open_account(Account(username=username, name="冒名"), PASSWORD, actor=None)
    assert {"username", "__all__"} & refused.value.message_dict.keys()
    assert Account.objects.count() == before


@pytest.mark.parametrize("role", [LIAISON, HEAD, REVIEWER])
def test_a_role_of_units_is_a_grant_there_and_gone_after_dismissal(world: World, role: Role) -> None:
    appoint(world.newcomer, role, actor=world.administrator, unit=world.other_school)
    assert scope.may(world.newcomer, role.permission, world.other_school)
    assert not scope.may(world.newcomer, role.permission, world.school)
    dismiss(world.newcomer, role, actor=world.administrator, unit=world.other_school)
    assert not scope.may(world.newcomer, role.permission, world.other_school)
    deeds = AuditEntry.objects.filter(object_id=str(world.newcomer.pk), actor=world.administrator)
    assert [entry.deed for entry in deeds.order_by("id")] == [Deed.GRANT, Deed.REVOKE]


@pytest.mark.parametrize("role", [LEADER, ADMINISTRATOR, AUDITOR])
def test_a_role_for_all_units_is_exactly_its_permissions(world: World, role: Role) -> None:
    appoint(world.newcomer, role, actor=None)
    assert Account.objects.get(pk=world.newcomer.pk).get_all_permissions() == set(role.everywhere)
    dismiss(world.newcomer, role, actor=None)
    assert Account.objects.get(pk=world.newcomer.pk).get_all_permissions() == set()


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_each_permission_of_a_role_exists(db: None, role: Role) -> None:
    """A misspelt codename would give the role less than it says, silently."""
    known = {
        f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")
    }
    assert set(role.everywhere) <= known
    assert group_of(role).permissions.count() == len(set(role.everywhere))


def test_nobody_is_appointed_liaison_of_everything(world: World) -> None:
    for verb in (appoint, dismiss):
        with pytest.raises(RuleError) as refused:
            verb(world.newcomer, LIAISON, actor=world.administrator)
        assert refused.value.code == "unit_needed"
    assert not UnitUserObjectPermission.objects.filter(user=world.newcomer).exists()


def test_a_role_given_twice_is_one_grant(world: World) -> None:
    appoint(world.liaison, LIAISON, actor=None, unit=world.school)
    assert UnitUserObjectPermission.objects.filter(user=world.liaison).count() == 1


def test_roles_that_only_read_change_nothing_and_auditor_sees_no_unit(world: World) -> None:
    assert not scope.may(world.leader, scope.REVIEW, world.school)
    assert not scope.sees(world.auditor, world.school)
    assert not scope.may(world.administrator, scope.REVIEW, world.school)
    assert not scope.may(world.administrator, scope.REPORT, world.school)


def test_roles_of_an_earlier_version_are_refreshed_and_told_once(world: World) -> None:
    group = Group.objects.get(name="administrator")
    group.permissions.remove(Permission.objects.get(codename="change_unit"))
    call_command("accounts", "roles")
    assert group.permissions.filter(codename="change_unit").exists()
    entry = AuditEntry.objects.latest("id")
    assert (entry.deed, entry.changes) == (Deed.CHANGE, {"added": ["units.change_unit"], "removed": []})
    assert refresh_roles() == []
