"""A verb of the administration asks for itself who may do it, whatever page led there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission

from reports.reorganisation import merging
from tests.personas import PASSWORD, World, person, unit
from tests.units.test_audit import east, import_units, renamed, state_of_the_world
from tests.units.test_inviting import line
from units import accounts, lifecycle, scope, standing, teams, tree
from units.inviting.carrying_out import invite
from units.models import Account, Team, TeamMember, TeamUnit, Unit
from units.roles import LIAISON
from units.rules import RuleError

Verbs = dict[str, Callable[[World, Account], object]]
VERBS: Verbs = {
    "plant": lambda w, by: tree.plant(child_of(w.other_school), actor=by),
    "plant at the top": lambda w, by: tree.plant(child_of(None), actor=by),
    "plant many": lambda w, by: tree.plant_many([child_of(w.other_school)], actor=by),
    "move": lambda w, by: tree.move(w.other_school, w.school, actor=by),
    "move out of reach": lambda w, by: tree.move(Unit.objects.get(code="S11"), w.other_school, actor=by),
    "move to the top": lambda w, by: tree.move(w.school, None, actor=by),
    "amend": lambda w, by: lifecycle.amend(renamed(w.other_school), ["name"], actor=by),
    "close": lambda w, by: lifecycle.close(w.other_school, on=w.today, actor=by),
    "open again": lambda w, by: lifecycle.reopen(w.closed_school, actor=by),
    "merge": lambda w, by: merging.merge(w.other_school, w.school, on=w.today, actor=by),
    "merge into": lambda w, by: merging.merge(
        Unit.objects.get(code="S11"), w.other_school, on=w.today, actor=by
    ),
    "split": lambda w, by: merging.split(w.school, east(w), [], actor=by),
    "import units": lambda w, by: import_units(by),
    "invite": lambda w, by: invite([line(unit="S2", role="联络员")], actor=by),
    "open an account": lambda w, by: accounts.open_account(
        Account(username="n", name="n", unit=w.other_school), PASSWORD, actor=by
    ),
    "appoint": lambda w, by: accounts.appoint(w.newcomer, LIAISON, actor=by, unit=w.other_school),
    "dismiss": lambda w, by: accounts.dismiss(w.stranger, LIAISON, actor=by, unit=w.other_school),
    "hand over": lambda w, by: accounts.hand_over(w.stranger, w.liaison, actor=by),
    "first password": lambda w, by: accounts.set_initial_password(w.stranger, actor=by),
    "disable": lambda w, by: standing.disable(w.newcomer, actor=by),
    "enlist": lambda w, by: teams.enlist(
        TeamMember(team=Team.objects.get(), account=w.newcomer, name="新职员"), actor=by
    ),
    "cover": lambda w, by: teams.cover(Team.objects.get(), [w.bureau], actor=by),
    "release": lambda w, by: teams.release(TeamMember.objects.get(), actor=by),
    "uncover": lambda w, by: teams.uncover(TeamUnit.objects.get(unit=w.other_school), actor=by),
}


def child_of(parent: Unit | None) -> Unit:
    """Return a new unit under `parent`."""
    kind = Unit.objects.get(code="S1").kind
    return Unit(code="N", name="新校", kind=kind, parent=parent)


@pytest.fixture
def wide(world: World) -> World:
    """Return the world with a branch below the school and a team that covers both schools."""
    unit("S11", "东校区", "school", world.school)
    teams.cover(Team.objects.get(), [world.other_school], actor=None)
    return world


@pytest.fixture
def delegate(wide: World) -> Account:
    """Return somebody who may change units, accounts and teams, of one school and below it."""
    account = person("delegate", "片区管理员")
    names = ("unit", "account", "team")
    wanted = Permission.objects.filter(content_type__app_label="units", content_type__model__in=names)
    account.user_permissions.set(wanted.filter(codename__regex="^(view|add|change|import)_"))
    scope.grant(account, scope.OVERSEE, wide.school)
    return account


@pytest.mark.parametrize("who", ["leader", "liaison", "reviewer", "auditor", "team_member", "newcomer"])
@pytest.mark.parametrize("verb", VERBS)
def test_verb_refuses_who_does_not_administer(wide: World, verb: str, who: str) -> None:
    before = state_of_the_world()
    with pytest.raises(RuleError) as refused:
        VERBS[verb](wide, getattr(wide, who))
    assert refused.value.code in ("not_yours", "out_of_reach", "own_account", "own_roles", "problems")
    assert state_of_the_world() == before


@pytest.mark.parametrize("verb", VERBS)
def test_verb_refuses_who_administers_elsewhere(wide: World, delegate: Account, verb: str) -> None:
    before = state_of_the_world()
    with pytest.raises(RuleError) as refused:
        VERBS[verb](wide, delegate)
    assert refused.value.code in ("out_of_reach", "problems")
    assert state_of_the_world() == before


@pytest.mark.parametrize("verb", VERBS)
def test_administrator_is_let_do_it(wide: World, verb: str) -> None:
    before = state_of_the_world()
    VERBS[verb](wide, wide.administrator)
    assert state_of_the_world() != before


def test_permission_taken_back_counts_at_once_for_a_loaded_account(wide: World, delegate: Account) -> None:
    lifecycle.close(wide.school, on=wide.today, actor=delegate)
    Account.objects.get(pk=delegate.pk).user_permissions.clear()
    with pytest.raises(RuleError) as refused:
        lifecycle.reopen(wide.school, actor=delegate)
    assert refused.value.code == "not_yours"
