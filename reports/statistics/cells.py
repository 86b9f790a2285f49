"""Fetch and store cells set-wise."""

from __future__ import annotations

from collections.abc import Iterable

from reports.statistics.ledger import Key
from reports.statistics.models import Cell


def fetch(keys: set[Key]) -> dict[Key, Cell]:
    """Return a cell for each key: the stored one, or an unsaved empty one."""
    stored: dict[Key, Cell] = {}
    periods = {key.period for key in keys}
    for units in chunks(sorted({key.unit for key in keys})):
        for cell in Cell.objects.filter(unit__in=units, period__in=periods):
            stored[Key(cell.unit_id, cell.period_id, cell.activity_type_id)] = cell
    return {
        key: stored.get(key)
        or Cell(unit_id=key.unit, period_id=key.period, activity_type_id=key.activity_type)
        for key in keys
    }


def store(cells: Iterable[Cell]) -> None:
    """Insert the new cells and update the others, set-wise."""
    rows = list(cells)
    Cell.objects.bulk_create([cell for cell in rows if cell.pk is None and cell.total], batch_size=1000)
    # An upsert on the primary key writes 1,000 rows a statement; bulk_update's CASE took 20 times as long.
    Cell.objects.bulk_create(
        [cell for cell in rows if cell.pk is not None],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["own", "total"],
    )


def chunks(numbers: list[int], size: int = 5000) -> Iterable[list[int]]:
    """Cut a list so that no statement meets the engines' limit of parameters."""
    return (numbers[start : start + size] for start in range(0, len(numbers), size))
