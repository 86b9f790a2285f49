"""Whose figures a person is looking at."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from units import scope
from units.models import Unit
from units.querysets import UnitQuerySet


@dataclass(frozen=True, slots=True)
class Focus:
    """The units whose subtrees together are on screen.

    `unit` is the one unit where there is only one; `above` are the visible units that it lies under, the
    highest first; `parts` are the units to list below: its children, or the topmost units themselves.
    """

    units: list[Unit]
    unit: Unit | None
    above: list[Unit]
    parts: UnitQuerySet
    reach: scope.Reach

    @property
    def is_whole(self) -> bool:
        """Say whether the figures are those of the whole system."""
        return self.reach.is_everything or (self.unit is not None and self.unit.parent_id is None)

    @property
    def label(self) -> str:
        """Return what the figures are called: a unit's name, the whole system, or how many units together."""
        if self.unit is not None:
            return self.unit.name
        number = len(self.units)
        together = ngettext("%(number)d unit", "%(number)d units together", number) % {"number": number}
        return _("the whole system") if self.is_whole else together


def on_all(user: scope.Person) -> Focus:
    """Return the focus on everything that `user` may read: the topmost units together.

    Queries: three for the grants, one for the units.
    """
    topmost = scope.topmost(user, *scope.READ).select_related("kind").in_tree_order()
    units = list(topmost)
    if len(units) == 1:
        return _on(units[0], above=[], reach=scope.reach(user, *scope.READ))
    return Focus(units, None, [], topmost, scope.reach(user, *scope.READ))


def on_unit(user: scope.Person, unit_pk: int) -> Focus:
    """Return the focus on one unit with its subtree.

    Raises: Http404 where the unit is a stranger's or missing. Queries: three for the grants, two for units.
    """
    visible = scope.units(user, *scope.READ)
    unit = scope.get_or_404(visible.select_related("kind"), pk=unit_pk)
    reach = scope.Reach(is_everything=False, paths=(unit.path,))
    return _on(unit, above=list(visible.above(unit).in_tree_order()), reach=reach)


def _on(unit: Unit, *, above: list[Unit], reach: scope.Reach) -> Focus:
    """Return the focus on one unit."""
    children = Unit.objects.filter(parent=unit).select_related("kind").in_tree_order()
    return Focus([unit], unit, above, children, reach)
