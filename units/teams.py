"""Verbs on teams; membership and coverage change the grants in the same transaction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from units import audit, authority, scope
from units.models import Account, Deed, Team, TeamMember, TeamUnit, Unit
from units.rules import RuleError

CHANGE = "units.change_team"


@transaction.atomic
def form(team: Team, *, actor: Account | None) -> Team:
    """Store a new team together with the group that carries its grants.

    Raises: RuleError `not_yours`, ValidationError when a field is wrong or the name is taken.
    """
    authority.check(actor, "units.add_team")
    team.full_clean(exclude=["group"])
    # By chance and not by the team's name: a renamed team would keep its old name from the next one.
    team.group = Group.objects.create(name=f"team: {secrets.token_hex(16)}")
    team.save(force_insert=True)
    audit.record(Deed.CREATE, actor=actor, subject=team)
    return team


@transaction.atomic
def enlist(member: TeamMember, *, actor: Account | None) -> TeamMember:
    """Add a person to a team; one with an account sees the covered units from the next request on.

    Raises: ValidationError when the person is in the team already, RuleError `own_roles`, `not_yours`,
    `out_of_reach`.
    """
    _check_members(member, actor)
    if actor is not None and member.account_id == actor.pk:
        raise RuleError("own_roles", _("Nobody enlists themselves; ask another administrator."))
    member.full_clean()
    member.save(force_insert=True)
    if member.account is not None:
        member.account.groups.add(member.team.group)
    audit.record(
        Deed.GRANT, actor=actor, subject=member.team, changes={"member": member.name, "role": member.role}
    )
    return member


@transaction.atomic
def cover(team: Team, units: Iterable[Unit], *, actor: Account | None) -> Team:
    """Let the team cover more units; those covered already stay as they are.

    Raises: RuleError `not_yours`, `out_of_reach`.
    """
    wanted = list(units)
    authority.check(actor, CHANGE, *wanted)
    for unit in wanted:
        let_cover(team, unit, actor=actor)
    return team


def let_cover(team: Team, unit: Unit, *, actor: Account | None) -> None:
    """Do what `cover` does with one unit, for a verb that has authorised the actor itself."""
    _row, is_new = TeamUnit.objects.get_or_create(team=team, unit=unit)
    if is_new:
        scope.grant(team.group, scope.OVERSEE, unit)
        audit.record(Deed.GRANT, actor=actor, subject=team, unit=unit, changes={"role": "team"})


@transaction.atomic
def release(member: TeamMember, *, actor: Account | None) -> Team:
    """Take a person out of a team; one with an account sees the covered units no more.

    Raises: RuleError `not_yours`, `out_of_reach`.
    """
    _check_members(member, actor)
    team = member.team
    if member.account is not None:
        member.account.groups.remove(team.group)
    audit.record(Deed.REVOKE, actor=actor, subject=team, changes={"member": member.name, "role": member.role})
    member.delete()
    return team


@transaction.atomic
def uncover(covered: TeamUnit, *, actor: Account | None) -> Team:
    """Take a unit out of a team's coverage, and with it what the team could see of it.

    Raises: RuleError `not_yours`, `out_of_reach`.
    """
    authority.check(actor, CHANGE, covered.unit)
    team = covered.team
    scope.revoke(team.group, scope.OVERSEE, covered.unit)
    audit.record(Deed.REVOKE, actor=actor, subject=team, unit=covered.unit, changes={"role": "team"})
    covered.delete()
    return team


def _check_members(member: TeamMember, actor: Account | None) -> None:
    """Refuse who does not oversee all that a member with an account sees through the team."""
    reached = Unit.objects.filter(teamunit__team=member.team) if member.account_id else ()
    authority.check(actor, CHANGE, *reached)
