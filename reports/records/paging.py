"""Pages of records by keyset: the thousandth page costs what the first one does."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Q

from reports.records.models import ActivityRecord
from reports.records.querysets import RecordQuerySet

PAGE_SIZE = 20
# Counted no further: nobody reads on, and a count grows with what is stored.
MOST_COUNTED = 1000
# “2026-11-23-128”: the day and the number of a record.
PLACE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page, the latest day on top; `newer` and `older` are the places behind which the others begin.

    They are empty where there is nothing. `n_records` is None where there are more than MOST_COUNTED.
    """

    records: list[ActivityRecord]
    newer: str
    older: str
    n_records: int | None


def leaf(rows: RecordQuerySet, *, after: str = "", before: str = "") -> Leaf:
    """Return the page of older records behind the place `after`, or of newer ones before `before`.

    A place that is none begins at the top. Queries: one, one for the count, and those of what is fetched
    along.
    """
    is_back = not after and _condition(before, "gt") is not None
    condition = _condition(before, "gt") if is_back else _condition(after, "lt")
    sought = rows.latest_first() if condition is None else rows.latest_first().filter(condition)
    found = list((sought.reverse() if is_back else sought)[: PAGE_SIZE + 1])
    is_more = len(found) > PAGE_SIZE
    shown = found[:PAGE_SIZE][::-1] if is_back else found[:PAGE_SIZE]
    has_newer, has_older = (is_more, True) if is_back else (condition is not None, is_more)
    return Leaf(
        records=shown,
        newer=place(shown[0]) if shown and has_newer else "",
        older=place(shown[-1]) if shown and has_older else "",
        n_records=counted(rows),
    )


def place(record: ActivityRecord) -> str:
    """Return where a record stands in the order."""
    return f"{record.held_on.isoformat()}-{record.pk}"


def counted(rows: RecordQuerySet) -> int | None:
    """Return how many rows there are, None for more than MOST_COUNTED. Queries: one."""
    n_rows = rows.order_by()[: MOST_COUNTED + 1].count()
    return None if n_rows > MOST_COUNTED else n_rows


def _condition(written: str, way: str) -> Q | None:
    """Return the condition "stands behind this place"; None for what is no place.

    The day alone first: by it the index finds where to begin, which it would not by the OR.
    """
    match = PLACE.fullmatch(written)
    try:
        day = dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
    if match is None or day is None:
        return None
    within = Q(**{f"held_on__{way}e": day})
    return within & (Q(**{f"held_on__{way}": day}) | Q(**{f"pk__{way}": int(match[2])}))
