"""Who may do what where: the answers that the pages give, with where each right comes from and since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from units import paths, scope
from units.accounts import held
from units.models import (
    Account,
    AuditEntry,
    Deed,
    Team,
    TeamMember,
    TeamUnit,
    Unit,
    UnitUserObjectPermission,
)
from units.querysets import on_duty
from units.roles import ROLES, Role


@dataclass(frozen=True, slots=True)
class Entitled:
    """One right of one person: a role at `unit` and below it, a place in `team`, or everywhere without both.

    `since` and `by` come from the audit trail and are empty where it reaches back no further. `covered` are
    the team's units; `is_over` says that the team's days are past or still to come, so it gives nothing.
    """

    person: Account
    label: str | Promise
    role: Role | None = None
    unit: Unit | None = None
    team: Team | None = None
    since: dt.datetime | None = None
    by: str = ""
    covered: tuple[Unit, ...] = ()
    is_over: bool = False

    @property
    def moves(self) -> bool:
        """Say whether it goes to a successor when the person's work is handed over."""
        return self.role is not None and self.unit is not None


Given = dict[tuple[str, str, int | None, str], AuditEntry]


def of(account: Account) -> list[Entitled]:
    """Return what one person may do, roles first. Queries: six at most."""
    given = _given([account], Team.objects.filter(members__account=account))
    roles = [_in_role(account, one.role, one.unit, given) for one in held(account)]
    memberships = TeamMember.objects.filter(account=account).select_related("team").order_by("team__name")
    working = set(memberships.filter(on_duty("team", timezone.localdate())).values_list("pk", flat=True))
    covered: dict[int, list[Unit]] = {}
    for row in TeamUnit.objects.filter(team__members__account=account).select_related("unit"):
        covered.setdefault(row.team_id, []).append(row.unit)
    teams = [
        _in_team(account, one, None, given, covered.get(one.team_id, []), is_over=one.pk not in working)
        for one in memberships
    ]
    unlimited = [_without_limit(account)] if scope.unlimited().filter(pk=account.pk).exists() else []
    return [*unlimited, *roles, *teams]


def at(unit: Unit) -> list[Entitled]:
    """Return who may do what at a unit, by grants there and above it, by teams, and everywhere.

    Those of the unit itself come first, then those from above. Queries: seven at most.
    """
    above = list(Unit.objects.filter(pk__in=paths.ancestor_ids(unit.path)).order_by("-path"))
    rows = list(_granted(above))
    members = list(
        TeamMember.objects.filter(
            on_duty("team", timezone.localdate()), team__coverage__unit__in=above, account__is_active=True
        )
        .select_related("team", "account__unit")
        .distinct()
    )
    covering = {
        row.team_id: row.unit for row in TeamUnit.objects.filter(unit__in=above).select_related("unit")
    }
    everywhere = list(_everywhere())
    people = {account.pk: account for account, _role, _unit in rows}
    people |= {account.pk: account for account, _role in everywhere}
    given = _given(people.values(), [member.team for member in members])
    return [
        *(_in_role(account, role, source, given) for account, role, source in rows),
        *(
            _in_team(member.account, member, covering[member.team_id], given, [], is_over=False)
            for member in members
            if member.account is not None
        ),
        *(_in_role(account, role, None, given) for account, role in everywhere),
        *(_without_limit(account) for account in scope.unlimited().select_related("unit")),
    ]


def _granted(above: list[Unit]) -> Iterable[tuple[Account, Role, Unit]]:
    """Yield the active people with a grant on one of these units, the lowest unit first."""
    by_permission = {role.permission: role for role in ROLES.values() if role.permission}
    grants = UnitUserObjectPermission.objects.filter(
        content_object__in=above, permission__codename__in=by_permission, user__is_active=True
    ).select_related("user__unit", "permission", "content_object")
    for row in grants.order_by("-content_object__path", "permission__codename", "user__username"):
        yield row.user, by_permission[row.permission.codename], row.content_object


def _everywhere() -> Iterable[tuple[Account, Role]]:
    """Yield the active people with a role that reads every unit."""
    reading = {code: role for code, role in ROLES.items() if f"units.{scope.OVERSEE}" in role.everywhere}
    groups = Account.groups.through.objects.filter(group__name__in=reading, account__is_active=True)
    for row in groups.select_related("account__unit", "group").order_by("group__name", "account__username"):
        yield row.account, reading[row.group.name]


def _in_role(account: Account, role: Role, unit: Unit | None, given: Given) -> Entitled:
    entry = given.get(("units.account", str(account.pk), unit.pk if unit else None, role.code))
    since, by = (entry.at, entry.actor_name) if entry else (None, "")
    return Entitled(account, role.label, role=role, unit=unit, since=since, by=by)


def _in_team(
    account: Account,
    member: TeamMember,
    unit: Unit | None,
    given: Given,
    covered: list[Unit],
    *,
    is_over: bool,
) -> Entitled:
    entry = given.get(("units.team", str(member.team_id), None, member.name))
    since, by = (entry.at, entry.actor_name) if entry else (None, "")
    return Entitled(
        account,
        member.get_role_display(),
        unit=unit,
        team=member.team,
        since=since,
        by=by,
        covered=tuple(covered),
        is_over=is_over,
    )


def _without_limit(account: Account) -> Entitled:
    return Entitled(account, _("everything, by the operator of the server"))


def _given(people: Iterable[Account], teams: Iterable[Team]) -> Given:
    """Return the last appointment to each role and team as the trail has it. Queries: one."""
    to_people = Q(object_type="units.account", object_id__in=[str(account.pk) for account in people])
    to_teams = Q(object_type="units.team", object_id__in=[str(team.pk) for team in teams], unit=None)
    found: Given = {}
    for entry in AuditEntry.objects.filter(to_people | to_teams, deed=Deed.GRANT).order_by("id"):
        what = entry.changes.get("member") or entry.changes.get("role", "")
        found[(entry.object_type, entry.object_id, entry.unit_id, what)] = entry
    return found
