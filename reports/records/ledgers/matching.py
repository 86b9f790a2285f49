"""Which row of a ledger is which stored record: by its hidden key, else by type, day and title.

The key is that of the record, or the one that the template gave the row. So a row is found again after it
was sorted, moved or its sheet renamed, and a ledger without keys never makes a twin of what is there.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from reports.records.ledgers.columns import DAY, TITLE
from reports.records.ledgers.tables import Line, Problem, Table
from reports.records.models import ActivityRecord
from reports.records.states import Status
from units.models import Unit

Name = tuple[int, dt.date, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its cells read: `given` maps a field to its value."""

    table: Table
    line: Line
    given: dict[str, Any]

    @property
    def name(self) -> Name:
        """Return what people know the activity by."""
        return self.table.layout.activity_type.pk, self.given[DAY], self.given[TITLE]


@dataclass(frozen=True, slots=True)
class Matched:
    """The record of each row that has one, and its hidden key where it is its own, by the row's place."""

    keys: dict[int, uuid.UUID] = field(default_factory=dict)
    records: dict[int, ActivityRecord] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def key_of(row_key: uuid.UUID, unit: Unit) -> uuid.UUID:
    """Return the key of the record that a template's row makes: a row copied to another unit is another."""
    return uuid.uuid5(row_key, str(unit.pk))


def match(rows: list[Row], stored: Iterable[ActivityRecord], unit: Unit) -> Matched:
    """Find the record of each row; no record is found twice."""
    by_key: dict[uuid.UUID, ActivityRecord] = {}
    by_name: dict[Name, list[ActivityRecord]] = defaultdict(list)
    for record in stored:
        by_key[record.key] = record
        if record.status != Status.VOID:
            by_name[name_of(record)].append(record)
    matched = Matched(_keyed(rows, by_key, unit))
    for place, key in matched.keys.items():
        found = by_key.get(key) or by_key.get(key_of(key, unit))
        if found is not None:
            _take(matched, place, rows[place], found)
    taken = {record.pk for record in matched.records.values()}
    for place, row in enumerate(rows):
        if place not in matched.records:
            free = [record for record in by_name[row.name] if record.pk not in taken]
            if free:
                matched.records[place] = min(free, key=lambda record: record.pk)
                taken.add(matched.records[place].pk)
    matched.problems.extend(_twins(rows, matched.keys))
    return matched


def name_of(record: ActivityRecord) -> Name:
    """Return what people know a stored activity by."""
    return record.activity_type_id, record.held_on, record.title


def _take(matched: Matched, place: int, row: Row, found: ActivityRecord) -> None:
    """Give a row its record, or note that it stands on the sheet of another type."""
    if found.activity_type_id == row.table.layout.activity_type.pk:
        matched.records[place] = found
        return
    message = _("This row was moved here from the sheet of another type; enter it as a new row.")
    matched.problems.append(row.table.problem(row.line.row, "", "other_type", message))


def _keyed(rows: list[Row], by_key: dict[uuid.UUID, ActivityRecord], unit: Unit) -> dict[int, uuid.UUID]:
    """Return the hidden keys by the places of their rows; of a row that was copied, one keeps the key."""
    places: dict[uuid.UUID, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.line.key is not None:
            places[row.line.key].append(place)
    keyed = {}
    for key, several in places.items():
        record = by_key.get(key) or by_key.get(key_of(key, unit))
        same = [place for place in several if record is not None and rows[place].name == name_of(record)]
        keyed[(same or several)[0]] = key
    return keyed


def _twins(rows: list[Row], keyed: dict[int, uuid.UUID]) -> Iterable[Problem]:
    """Yield the rows without a key of their own that say what another row says."""
    first: dict[Name, int] = {rows[place].name: place for place in sorted(keyed, reverse=True)}
    for place, row in enumerate(rows):
        other = first.setdefault(row.name, place)
        if other != place and place not in keyed:
            message = _(
                "Row %(row)d of “%(sheet)s” has the same day and title already; "
                "give one of them another title, or delete it."
            )
            where = {"row": rows[other].line.row, "sheet": rows[other].table.sheet}
            yield row.table.problem(row.line.row, TITLE, "twice", message % where)
