"""The people of a bureau of any size: liaisons, teams, and one person of each role that is looked through."""

from __future__ import annotations

import datetime as dt

from bench.scale.pouring import pour
from bench.scale.tree import Shape
from units import accounts, scope, teams
from units.models import Account, AuditEntry, Team, TeamMember, Unit
from units.roles import ADMINISTRATOR, HEAD, LEADER, LIAISON, REVIEWER, ROLES

NOBODY_SIGNS_IN = "!"
# The reviewer of the whole bureau; the one named “reviewer” has an area.
OFFICE = "office"
JOINED = dt.datetime(2025, 2, 1, tzinfo=dt.UTC)
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞"
N_MEMBERS, N_COVERED = 4, 10


def fill(shape: Shape, n_accounts: int, n_teams: int) -> None:
    """Store the liaisons of the fourth level and below, teams with members, one person of each role."""
    first = shape.firsts[3]
    units = range(first, first + shape.levels[2] + shape.levels[3])
    pour(
        Account,
        ("id", "username", "name", "unit", "password", "email", "date_joined"),
        (
            (
                n + 1,
                f"p{n + 1:06}",
                _name(n),
                units[n % len(units)],
                NOBODY_SIGNS_IN,
                f"p{n}@bureau.example",
                JOINED,
            )
            for n in range(n_accounts)
        ),
    )
    rows = (
        (account, Unit(pk=account.unit_id)) for account in Account.objects.only("pk", "unit_id").iterator()
    )
    scope.grant_many(scope.REPORT, rows)
    pour(
        AuditEntry,
        ("at", "deed", "unit", "object_type", "object_id", "object_name", "changes"),
        (
            (
                JOINED,
                "grant",
                units[n % len(units)],
                "units.account",
                str(n + 1),
                _name(n),
                {"role": LIAISON.code},
            )
            for n in range(n_accounts)
        ),
    )
    for n in range(n_teams):
        _team(
            shape,
            f"第{n + 1}指导组",
            n,
            [Account.objects.get(pk=1 + (n * N_MEMBERS + m) % n_accounts) for m in range(N_MEMBERS)],
        )
    _looked_through(shape)


def _looked_through(shape: Shape) -> None:
    """Store one person of each role with a unit in the looked-at part."""
    levels = ((LIAISON, 4), (HEAD, 4), (REVIEWER, 2), (LEADER, 1), (ADMINISTRATOR, 1))
    named = [(role.code, role, level) for role, level in levels]
    for name, role, level in [*named, (OFFICE, REVIEWER, 1)]:
        unit = Unit.objects.get(pk=shape.firsts[level - 1])
        person = Account(username=name, name=name, unit=unit, password=NOBODY_SIGNS_IN)
        person.is_staff = role.is_staff
        person.save()
        accounts.appoint(person, ROLES[role.code], actor=None, unit=unit if role.permission else None)
    member = Account.objects.create(username="member", name="member", unit_id=1, password=NOBODY_SIGNS_IN)
    _team(shape, "观察组", 1, [member])


def _team(shape: Shape, name: str, n: int, members: list[Account]) -> None:
    """Store one team that covers some units of the second level."""
    team = teams.form(Team(name=name, kind=Team.Kind.PATROL), actor=None)
    # Each unit of the second level has its few teams in a large bureau too; the others cover the third.
    level = 0 if n < shape.width else 1
    n_here = shape.levels[level]
    covered = {shape.firsts[level + 1] + (n + step) % n_here for step in range(min(N_COVERED, n_here - 1))}
    teams.cover(team, list(Unit.objects.filter(pk__in=covered)), actor=None)
    for person in members:
        teams.enlist(TeamMember(team=team, account=person, name=person.name), actor=None)


def _name(n: int) -> str:
    return SURNAMES[n % 10] + GIVEN[n // 10 % 18] + GIVEN[n // 180 % 18]
