"""The verb that makes the ledger true again: claim marks, count, move the totals.

The work grows with the marks claimed, never with what is stored. A crash leaves the marks; a second
run finds no difference and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import connection, transaction

from reports.campaigns.models import Campaign, Period
from reports.statistics.cells import chunks, fetch, store
from reports.statistics.following import behind_campaign_ids, follow
from reports.statistics.ledger import Key, Values, add, normal, spread, subtract
from reports.statistics.models import Cell, StaleCell
from units import paths, tree
from units.models import Unit

# Counts what the upper floor holds: from keys to the sums of approved records; absent means none.
Count = Callable[[Iterable[Key]], Mapping[Key, Values]]

BATCH = 2000


def stale_campaign_ids() -> list[int]:
    """Return the numbers of the campaigns that have marks, or have not followed a move in the tree."""
    marked = StaleCell.objects.order_by().values_list("campaign_id", flat=True).distinct()
    return sorted({*marked, *behind_campaign_ids()})


@transaction.atomic
def tally(campaign_id: int, *, count: Count, batch: int = BATCH) -> int:
    """Work off up to `batch` marks of one campaign; return how many were claimed.

    Two tallies of one campaign wait for each other at the campaign's row. The marks are read after
    that lock and deleted by number, so a mark written meanwhile is never lost.
    """
    lock(campaign_id)
    follow(campaign_id)
    marks = list(StaleCell.objects.filter(campaign_id=campaign_id).order_by("id")[:batch])
    keys = {Key(mark.unit_id, mark.period_id, mark.activity_type_id) for mark in marks}
    if keys:
        _settle(campaign_id, keys, count(keys))
    for chunk in chunks([mark.pk for mark in marks]):
        StaleCell.objects.filter(pk__in=chunk).delete()
    return len(marks)


def lock(campaign_id: int) -> None:
    """Hold the campaign and the tree until the commit; on SQLite the transaction locked the others out."""
    if connection.features.has_select_for_update:
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
    tree.hold()


def _settle(campaign_id: int, keys: set[Key], counted: Mapping[Key, Values]) -> None:
    """Write the new `own` of `keys` and carry each difference to the margins and upwards."""
    whole = Period.objects.get(campaign_id=campaign_id, number=0).pk
    lines = _lines({key.unit for key in keys})
    cells = fetch({moved for key in keys for moved in spread(key, whole, lines[key.unit])})
    changed: set[Key] = set()
    for key in keys:
        difference = subtract(normal(counted.get(key, {})), cells[key].own)
        if difference:
            moved = spread(key, whole, lines[key.unit])
            _carry(cells, key, moved, difference)
            changed.update(moved)
    store(cells[key] for key in changed)


def _carry(cells: dict[Key, Cell], key: Key, moved: list[Key], difference: Values) -> None:
    """Add one difference to `total` of every moved cell, and to `own` of those at the unit itself."""
    for target in moved:
        cell = cells[target]
        cell.total = add(cell.total, difference)
        if target.unit == key.unit:
            cell.own = add(cell.own, difference)


def _lines(unit_ids: set[int]) -> dict[int, list[int]]:
    """Return for each unit the numbers from its root down to itself."""
    stored = Unit.objects.filter(pk__in=unit_ids).values_list("pk", "path")
    return {pk: paths.ancestor_ids(path) for pk, path in stored}
