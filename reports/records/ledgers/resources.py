"""A sheet's rows as django-import-export sees them: one field per column, its widget reads the cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from reports.campaigns.designs import Design, Kind
from reports.campaigns.models import Campaign
from reports.records.asked import LONGEST_ANSWER
from reports.records.explaining import LONGEST_REASON
from reports.records.forms import TEXT_LENGTH, TITLE_LENGTH
from reports.records.ledgers.columns import DAY, EXPLANATION, TEXT, TITLE, Column, columns_of
from reports.records.ledgers.values import (
    day_of,
    line_of,
    number_of,
    option_of,
    tags_of,
    text_of,
    yes_no_of,
)
from units.workbooks.reading import Cell

Read = Callable[[Cell], object]
LINES = frozenset({TITLE, "place", "speaker", "topic"})


class CellWidget(Widget):  # type: ignore[misc]
    """Reads one cell with a function."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self.read = read

    def clean(self, value: Cell, row: Any = None, **kwargs: Any) -> object:
        """Return what the cell holds. Raises: CellError."""
        return self.read(value)


class LedgerResource(Resource):  # type: ignore[misc]
    """The columns of one type as import fields; a field's column name is the record's field.

    Rows go through its fields one by one. What a whole file does is for `planning`, which asks the database
    once for all rows, and `carrying_out`, which writes them set-wise; import-export would do both by row.
    """

    def __init__(self, design: Design, campaign: Campaign) -> None:
        super().__init__()
        self.columns = columns_of(design)
        self.fields = {
            column.field: Field(
                attribute=column.field,
                column_name=column.field,
                widget=CellWidget(_reader(column, campaign.starts_on, campaign.ends_on)),
            )
            for column in self.columns
        }

    def get_import_fields(self, selected_fields: Any = None) -> list[Field]:
        return list(self.fields.values())


def _reader(column: Column, first: dt.date, last: dt.date) -> Read:
    """Return the function that reads the cells of a column."""
    if column.ask is not None:
        return _reader_of_entry(column)
    readers: dict[str, Read] = {
        DAY: partial(day_of, first=first, last=last),
        TEXT: partial(text_of, limit=TEXT_LENGTH),
        "mode": partial(option_of, options=column.options),
        "tags": tags_of,
        EXPLANATION: partial(line_of, limit=LONGEST_REASON),
    }
    return partial(line_of, limit=TITLE_LENGTH) if column.field in LINES else readers[column.field]


def _reader_of_entry(column: Column) -> Read:
    """Return the function that reads the entries of one indicator."""
    assert column.ask is not None  # noqa: S101 - for the type checker; the caller has looked
    if column.ask.kind == Kind.YES_NO:
        return yes_no_of
    if column.ask.kind == Kind.CHOICE:
        return partial(option_of, options=column.options)
    if column.ask.kind == Kind.TEXT:
        return partial(line_of, limit=LONGEST_ANSWER)
    return partial(number_of, ask=column.ask)
