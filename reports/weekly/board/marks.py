"""The cells of the board: one letter for each way in which a report can stand there.

A report that was accepted still shows how it was filed, as a capital letter: the board is about time.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db.models import Aggregate, Case, CharField, F, Q, TextField, Value, When
from django.db.models.functions import Cast, Concat

from reports.weekly.standings import Standing, condition

NOTHING_OWED = "."
LETTERS = {
    "o": Standing.ON_TIME,
    "l": Standing.LATE,
    "z": Standing.ZERO,
    "r": Standing.RETURNED,
    "m": Standing.MISSING,
    "d": Standing.DUE,
    "n": Standing.NOT_DUE,
    "e": Standing.EXCUSED,
}
# The mark behind ↩ keeps telephones from drawing a coloured picture.
SIGNS = {"o": "●", "l": "◐", "z": "∅", "r": "↩\ufe0e", "m": "✕", "d": "◌", "n": "◦", "e": "·"}
# In the order of a legend: what is filed, what is owed, what is neither.
FILED = "olz"
MARK = re.compile(r"([0-9]+)([a-zA-Z])")


def standing_at(letter: str) -> Standing:
    """Return how the report stands that a letter stands for, an accepted one as it was filed."""
    return LETTERS[letter.lower()]


class Joined(Aggregate):
    """The texts of a group as one text, in no order."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join them as SQLite does."""
        return self.as_sql(
            compiler, connection, function="GROUP_CONCAT", template="%(function)s(%(expressions)s, '')"
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Join them as PostgreSQL does."""
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, '')"
        )


def shown_as(standing: Standing, now: dt.datetime) -> Q:
    """Return the condition under which the board shows a report as `standing` at the moment `now`."""
    accepted = _accepted(standing)
    return condition(standing, now) if accepted is None else condition(standing, now) | accepted


def marks(now: dt.datetime) -> Joined:
    """Return the aggregate of all marks of a group: each the period's key and its letter at `now`.

    One text a unit instead of a row a cell, of which there may be 156,000.
    """
    cases = [When(condition(standing, now), then=Value(letter)) for letter, standing in LETTERS.items()]
    for letter in FILED:
        cases.append(When(_accepted(LETTERS[letter]), then=Value(letter.upper())))
    letters = Case(*cases, output_field=CharField())
    return Joined(Concat(Cast("period_id", CharField()), letters, output_field=CharField()))


def laid_out(found: str, places: dict[str, int]) -> str:
    """Return a unit's letters in the order of the columns; `places` maps a period's key to its column."""
    row = [NOTHING_OWED] * len(places)
    for period, letter in MARK.findall(found):
        place = places.get(period)
        if place is not None:
            row[place] = letter
    return "".join(row)


def _accepted(standing: Standing) -> Q | None:
    """Return the condition "accepted, and filed so"; None for a standing in which nothing is filed."""
    filed = {
        Standing.ZERO: Q(is_zero=True),
        Standing.ON_TIME: Q(is_zero=False, filed_at__lte=F("due_at")),
        Standing.LATE: Q(is_zero=False, filed_at__gt=F("due_at")),
    }.get(standing)
    return None if filed is None else Q(excused_at=None, accepted_at__isnull=False) & filed
