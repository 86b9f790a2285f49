"""Arithmetic of totals, pure: keys, margins, differences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Values = dict[str, int]


class Key(NamedTuple):
    """What one total is about, by numbers of rows; `activity_type` None is the margin over types."""

    unit: int
    period: int
    activity_type: int | None


def add(values: Values, difference: Values) -> Values:
    """Return the sum; with no record left it is empty, for "nothing reported" is not zero.

    A code whose sum is 0 is kept out unless it is `records`, so that equal contents are equal mappings.
    """
    codes = values.keys() | difference.keys()
    summed = {code: values.get(code, 0) + difference.get(code, 0) for code in sorted(codes)}
    return {code: number for code, number in summed.items() if number} if summed.get("records") else {}


def subtract(new: Values, old: Values) -> Values:
    """Return what has to be added to `old` to get `new`, without zeros."""
    codes = new.keys() | old.keys()
    differences = {code: new.get(code, 0) - old.get(code, 0) for code in codes}
    return {code: number for code, number in differences.items() if number}


def normal(values: Values) -> Values:
    """Return the one stored form of a count: no zeros, sorted; empty without a record."""
    return add({}, values)


def margins(key: Key, whole_period: int) -> tuple[Key, Key, Key, Key]:
    """Return the key itself and its three margins: all types, whole campaign, both."""
    return (
        key,
        Key(key.unit, key.period, None),
        Key(key.unit, whole_period, key.activity_type),
        Key(key.unit, whole_period, None),
    )


def spread(key: Key, whole_period: int, ancestors: Iterable[int]) -> list[Key]:
    """Return every key whose `total` moves with `key`'s `own`: all margins at the unit and above it."""
    return [
        Key(unit, margin.period, margin.activity_type)
        for unit in ancestors
        for margin in margins(key, whole_period)
    ]
