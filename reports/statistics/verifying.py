"""Compare the ledger with a count from nothing, and mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from reports.campaigns.models import Campaign, Period
from reports.statistics.following import catch_up
from reports.statistics.ledger import Key, Values, add, normal, spread
from reports.statistics.models import Cell, StaleCell
from reports.statistics.tallying import lock
from units import paths
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is not what the records say."""

    key: Key
    stored_own: Values
    stored_total: Values
    own: Values
    total: Values


def expected(campaign: Campaign, counted: Mapping[Key, Values]) -> dict[Key, tuple[Values, Values]]:
    """Return (own, total) of every cell that should exist, from the count of all keys."""
    whole = Period.objects.get(campaign=campaign, number=0).pk
    lines = {pk: paths.ancestor_ids(path) for pk, path in Unit.objects.values_list("pk", "path")}
    cells: dict[Key, tuple[Values, Values]] = {}
    for key, values in counted.items():
        for moved in spread(key, whole, lines[key.unit]):
            own, total = cells.get(moved, ({}, {}))
            own = add(own, normal(values)) if moved.unit == key.unit else own
            cells[moved] = (own, add(total, normal(values)))
    return cells


def verify(campaign: Campaign, counted: Mapping[Key, Values]) -> list[Difference]:
    """Return the cells that differ from the count; cells that are missing or too many included."""
    wanted = expected(campaign, counted)
    stored = {
        Key(cell.unit_id, cell.period_id, cell.activity_type_id): (cell.own, cell.total)
        for cell in Cell.objects.filter(period__campaign=campaign).iterator()
    }
    empty: tuple[Values, Values] = ({}, {})
    return [
        Difference(key, *stored.get(key, empty), *wanted.get(key, empty))
        for key in sorted(wanted.keys() | stored.keys(), key=str)
        if wanted.get(key, empty) != stored.get(key, empty)
    ]


@transaction.atomic
def rebuild(campaign: Campaign, counted: Mapping[Key, Values]) -> int:
    """Replace every cell of a campaign by the count; return how many were written.

    Marks that are there stay: the next tally finds no difference for them.
    """
    lock(campaign.pk)
    Cell.objects.filter(period__campaign=campaign).delete()
    rows = [
        Cell(unit_id=key.unit, period_id=key.period, activity_type_id=key.activity_type, own=own, total=total)
        for key, (own, total) in expected(campaign, counted).items()
        if total
    ]
    Cell.objects.bulk_create(rows, batch_size=2000)
    catch_up(campaign)
    return len(rows)


def marked_keys(campaign: Campaign) -> set[Key]:
    """Return the keys that wait for the tally; a difference there is no error yet."""
    rows = StaleCell.objects.filter(campaign=campaign).values_list("unit_id", "period_id", "activity_type_id")
    return {Key(*row) for row in rows}


def waiting_keys(campaign: Campaign) -> set[Key]:
    """Return every cell that the waiting marks will still move: their own, the margins and all above."""
    marked = marked_keys(campaign)
    whole = Period.objects.get(campaign=campaign, number=0).pk
    units = Unit.objects.filter(pk__in={key.unit for key in marked}).values_list("pk", "path")
    lines = {pk: paths.ancestor_ids(path) for pk, path in units}
    return {moved for key in marked for moved in spread(key, whole, lines[key.unit])}
