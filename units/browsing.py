"""What the pages of the tree show: a few units at a time, whatever the tree's size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from units import paths, scope
from units.models import TeamUnit, Unit
from units.querysets import UnitQuerySet

PAGE_SIZE = 50
LONGEST_WORDS = 100
# A path is digits; anything else in an address begins at the top again.
PATH = re.compile(r"[0-9]{1,180}")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some units side by side; `rest` is the path behind which the next ones stand, "" after the last."""

    units: list[Unit]
    rest: str


def shelf(units: UnitQuerySet, after: str) -> Shelf:
    """Return the next units behind the path `after`, with their kind and whether any stand below.

    Queries: one. Keyset and not offset: the thousandth shelf costs what the first one does.
    """
    behind = after if PATH.fullmatch(after) else ""
    shown = units.behind(behind).in_tree_order().select_related("kind", "merged_into").with_has_children()
    found = list(shown[: PAGE_SIZE + 1])
    rest = found[PAGE_SIZE - 1].path if len(found) > PAGE_SIZE else ""
    return Shelf(found[:PAGE_SIZE], rest)


def visible_above(units: list[Unit], far: scope.Reach) -> dict[int, list[Unit]]:
    """Return for each unit those above it that the person may see, from the top down. Queries: one."""
    wanted = set(chain.from_iterable(paths.ancestor_ids(unit.path)[:-1] for unit in units))
    seen = Unit.objects.filter(far.condition("path"), pk__in=wanted).in_bulk()
    return {unit.pk: [seen[pk] for pk in paths.ancestor_ids(unit.path)[:-1] if pk in seen] for unit in units}


def covering(unit: Unit) -> list[TeamUnit]:
    """Return which teams cover the unit, itself or from above. Queries: one."""
    rows = TeamUnit.objects.filter(unit__in=paths.ancestor_ids(unit.path)).select_related("team", "unit")
    return list(rows.order_by("team__kind", "team__name", "unit__path"))
