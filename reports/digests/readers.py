"""Who reads a digest, and which units each reads about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from units import paths
from units.accounts import held_by
from units.models import Account, TeamMember, TeamUnit, Unit
from units.querysets import on_duty
from units.roles import LEADER, LIAISON, REVIEWER


@dataclass(slots=True)
class Reader:
    """One person with the units of each of their roles; `teams` maps a team's name to its units."""

    person: Account
    reports_for: list[Unit] = field(default_factory=list)
    reviews: list[Unit] = field(default_factory=list)
    teams: dict[str, list[Unit]] = field(default_factory=dict)
    is_leader: bool = False

    @property
    def has_role(self) -> bool:
        """Say whether there is anything for this person to read."""
        return bool(self.reports_for or self.reviews or self.teams or self.is_leader)


def willing() -> list[Account]:
    """Return the active accounts with an address that want digests, whatever their roles."""
    return list(Account.objects.filter(is_active=True, wants_digest=True).exclude(email="").order_by("pk"))


def readers(people: Iterable[Account]) -> list[Reader]:
    """Return those of `people` who hold a role today, each with the units to read about.

    Queries: four.
    """
    found = {person.pk: Reader(person) for person in people}
    for pk, roles in held_by([reader.person for reader in found.values()]).items():
        reader = found[pk]
        reader.reports_for = topmost(one.unit for one in roles if one.role is LIAISON)
        reader.reviews = topmost(one.unit for one in roles if one.role is REVIEWER)
        reader.is_leader = any(one.role is LEADER for one in roles)
    _add_teams(found)
    return [reader for reader in found.values() if reader.has_role]


def _add_teams(found: dict[int, Reader]) -> None:
    """Put in the units that each person's teams cover; a team that is over covers nothing."""
    covered: defaultdict[int, list[Unit]] = defaultdict(list)
    for row in TeamUnit.objects.select_related("unit"):
        covered[row.team_id].append(row.unit)
    members = TeamMember.objects.filter(on_duty("team", timezone.localdate()), account__in=found)
    for member in members.select_related("team"):
        if member.account_id is not None and covered[member.team_id]:
            found[member.account_id].teams[member.team.name] = topmost(covered[member.team_id])


def topmost(units: Iterable[Unit | None]) -> list[Unit]:
    """Drop the units that lie below another one, so that nothing is told twice; in the tree's order."""
    kept: list[Unit] = []
    for unit in sorted((unit for unit in units if unit is not None), key=lambda unit: unit.path):
        if not kept or not paths.covers(kept[-1].path, unit.path):
            kept.append(unit)
    return kept
