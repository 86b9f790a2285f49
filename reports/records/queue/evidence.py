"""What a reviewer holds a record's numbers against: what the unit usually reports of the type."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from reports.campaigns.designs import Ask
from reports.records.asked import shown
from reports.records.models import ActivityRecord
from reports.records.numbers import numbers_of

# So many of the unit's latest approved records say what is usual; fewer than three say nothing.
MOST_RECORDS, LEAST_RECORDS = 12, 3


@dataclass(frozen=True, slots=True)
class Measured:
    """One number beside its usual range; `usual` is empty where nothing is known, `is_outside` beyond it."""

    indicator: Ask
    shown: str
    usual: str
    is_outside: bool


def measured(record: ActivityRecord) -> list[Measured]:
    """Return the numbers of a record beside the unit's usual range.

    Queries: one, and those of the numbers.
    """
    ranges = usual_ranges(record)
    return [
        _measured(number.indicator, number.shown, record.values.get(number.indicator.code), ranges)
        for number in numbers_of(record)
    ]


def usual_ranges(record: ActivityRecord) -> dict[str, tuple[int, int]]:
    """Return the least and the most of each number in the unit's latest approved records. Queries: one."""
    same = ActivityRecord.objects.approved().filter(
        unit=record.unit_id, activity_type=record.activity_type_id
    )
    entered: defaultdict[str, list[int]] = defaultdict(list)
    rows = same.exclude(pk=record.pk).latest_first()
    for values in rows.values_list("values", flat=True)[:MOST_RECORDS]:
        for code, value in values.items():
            entered[code].append(value)
    return {code: (min(all_), max(all_)) for code, all_ in entered.items() if len(all_) >= LEAST_RECORDS}


def _measured(ask: Ask, entered: str, value: object, ranges: dict[str, tuple[int, int]]) -> Measured:
    """Return one number with its range."""
    if ask.code not in ranges or not ask.is_counted or not isinstance(value, int):
        return Measured(ask, entered, "", is_outside=False)
    low, high = ranges[ask.code]
    usual = shown(low, ask) if low == high else f"{shown(low, ask)}–{shown(high, ask)}"
    return Measured(ask, entered, usual, is_outside=not low <= value <= high)
