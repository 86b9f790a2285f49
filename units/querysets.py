"""Questions about units, chainable and named as adjectives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from units import paths

if TYPE_CHECKING:
    from units.models import Unit


def subtree(path: str, field: str = "path") -> Q:
    """Return the condition "lies in the subtree of `path`" on the path column `field`."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": paths.end(path)})


def subtrees(of: Iterable[str], field: str = "path") -> Q:
    """Return the condition "lies in one of the subtrees"; of none, a condition that never holds."""
    ranges = _joined((path, paths.end(path)) for path in sorted(of))
    condition = Q(pk__in=())
    for first, end in ranges:
        condition |= Q(**{f"{field}__gte": first, f"{field}__lt": end})
    if len(ranges) > 1:
        # Where an index is walked along in the tree's order, it begins at the first and stops at the last.
        condition &= Q(**{f"{field}__gte": ranges[0][0], f"{field}__lt": ranges[-1][1]})
    return condition


def _joined(ranges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return sorted ranges with neighbours made one: the subtrees of siblings often touch."""
    found: list[tuple[str, str]] = []
    for first, end in ranges:
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return found


def on_duty(team: str, day: dt.date) -> Q:
    """Return the condition "the team at the relation `team` works on `day`"; no team is no obstacle."""
    has_begun = Q(**{f"{team}__starts_on": None}) | Q(**{f"{team}__starts_on__lte": day})
    is_on = Q(**{f"{team}__ends_on": None}) | Q(**{f"{team}__ends_on__gte": day})
    return has_begun & is_on


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units, narrowed down by place in the tree and by day."""

    def under(self, unit: Unit) -> UnitQuerySet:
        """Keep the unit and everything below it."""
        return self.filter(subtree(unit.path))

    def above(self, unit: Unit) -> UnitQuerySet:
        """Keep what the unit lies under, itself left out."""
        return self.filter(pk__in=paths.ancestor_ids(unit.path)[:-1])

    def open_on(self, day: dt.date) -> UnitQuerySet:
        """Keep the units that existed on `day`."""
        return self.open_between(day, day)

    def open_between(self, first: dt.date, last: dt.date) -> UnitQuerySet:
        """Keep the units that existed on at least one day from `first` to `last`."""
        return self.filter(
            Q(opened_on__isnull=True) | Q(opened_on__lte=last),
            Q(closed_on__isnull=True) | Q(closed_on__gt=first),
        )

    def matching(self, words: str) -> UnitQuerySet:
        """Keep the units whose name holds each word, or whose code or pinyin initials begin with it."""
        found = self
        for word in words.split():
            # Longer parts have an index of trigrams, of which the planner knows better how many rows fit.
            part = "name__holds" if len(word) <= 2 else "name__icontains"
            likely = Q(**{part: word}) | Q(code__startswith=word) | Q(code__startswith=word.upper())
            if word.isascii() and word.isalnum():
                likely |= Q(initials__startswith=word.lower())
            found = found.filter(likely)
        return found

    def with_has_children(self) -> UnitQuerySet:
        """Annotate `has_children`: whether any unit stands directly below."""
        below = self.model._default_manager.filter(parent=models.OuterRef("pk"))
        return self.annotate(has_children=models.Exists(below.order_by()))

    def behind(self, path: str) -> UnitQuerySet:
        """Keep what comes after the unit of that path in the order of the tree; after none, everything."""
        return self.filter(path__gt=path) if path else self.all()

    def reporting(self) -> UnitQuerySet:
        """Keep the units whose kind files weekly reports."""
        return self.filter(kind__is_reporting=True)

    def in_tree_order(self) -> UnitQuerySet:
        """Sort parents before their children, siblings by the order of entry."""
        return self.order_by("path")
