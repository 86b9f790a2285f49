"""Whom a unit's report concerns: the nearest people who report for it, and all who review it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from units import paths
from units.accounts import held_by
from units.models import Account, Unit
from units.roles import LIAISON, REVIEWER

People = dict[str, list[Account]]


class Concerned:
    """The active people with an address who report or review, by the path of the unit of their role.

    Queries: three, once for all units.
    """

    def __init__(self) -> None:
        people = {one.pk: one for one in Account.objects.filter(is_active=True).exclude(email="")}
        self._reporting: People = defaultdict(list)
        self._reviewing: People = defaultdict(list)
        for pk, roles in held_by(people.values()).items():
            for held in roles:
                if held.unit is not None and held.role in (LIAISON, REVIEWER):
                    by_path = self._reporting if held.role is LIAISON else self._reviewing
                    by_path[held.unit.path].append(people[pk])

    def liaisons(self, unit: Unit) -> list[Account]:
        """Return who reports for the unit itself; where nobody does, for the nearest unit above it."""
        for path in _upwards(unit.path):
            if path in self._reporting:
                return self._reporting[path]
        return []

    def reviewers(self, unit: Unit) -> list[Account]:
        """Return everybody who reviews the unit, from the nearest up, each once."""
        found = (person for path in _upwards(unit.path) for person in self._reviewing.get(path, ()))
        return list({person.pk: person for person in found}.values())


def _upwards(path: str) -> Iterable[str]:
    """Yield the path and those of the units above it."""
    return (path[:length] for length in range(len(path), 0, -paths.WIDTH))
