"""The workbook that a unit fills in offline: a cover, and one sheet per type of activity."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from reports.campaigns.designs import Kind
from reports.campaigns.models import Campaign
from reports.records.asked import VALUE_PREFIX, entry_shown
from reports.records.ledgers.columns import EXPLANATION, Column, explanation_in
from reports.records.ledgers.looks import Looks, looks_of, names_of, note_of, rule_of, width_of
from reports.records.ledgers.tables import Layout, layouts_of, mark_of
from reports.records.models import ActivityRecord
from units.cells import safe_text
from units.models import Unit

TITLE_ROW, HINT_ROW, HEADING_ROW, FIRST_ROW = range(4)
# So many empty rows carry a hidden key; further ones are known by day and title.
KEYED_ROWS = 300
# So far down reach the lists to choose from and the limits.
LAST_ROW = 2000
KEY_COLUMN = 0
LISTS = "lists"


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook being written: whose it is, its formats, and where its lists to choose from stand."""

    unit: Unit
    campaign: Campaign
    looks: Looks
    sources: dict[str, str]


def write_template(unit: Unit, campaign: Campaign, records: Iterable[ActivityRecord] = ()) -> bytes:
    """Return a unit's ledger for a campaign; `records` stand in it already. Queries: two."""
    file = io.BytesIO()
    by_type: dict[int, list[ActivityRecord]] = defaultdict(list)
    for record in records:
        by_type[record.activity_type_id].append(record)
    layouts = layouts_of(campaign)
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        names = names_of(layout.activity_type.name for layout in layouts)
        pages = [book.add_worksheet(name) for name in [_("How to fill in"), *names]]
        written = Book(unit, campaign, looks_of(book), _write_lists(book, layouts))
        _write_cover(pages[0], written, layouts)
        for page, layout in zip(pages[1:], layouts, strict=True):
            _write_sheet(page, layout, written, by_type[layout.activity_type.pk])
    return file.getvalue()


def _write_lists(book: Workbook, layouts: list[Layout]) -> dict[str, str]:
    """Write what can be chosen on a hidden sheet; return the range of each list, by type and field.

    A list in the cell itself ends at 255 characters, and at the first comma of an option.
    """
    page = book.add_worksheet(LISTS)
    page.hide()
    sources: dict[str, str] = {}
    for layout in layouts:
        for column in layout.columns:
            if column.options:
                letters = xl_col_to_name(len(sources))
                page.write_column(0, len(sources), [safe_text(option) for option in column.options])
                source = f"={LISTS}!${letters}$1:${letters}${len(column.options)}"
                sources[_source(layout, column)] = source
    return sources


def _source(layout: Layout, column: Column) -> str:
    """Return what the range of a column's list is remembered by."""
    return f"{layout.activity_type.pk}:{column.field}"


def _write_cover(page: Worksheet, book: Book, layouts: list[Layout]) -> None:
    """Say whose ledger it is, how it is filled in, and what each sheet is for."""
    said = [
        _("One sheet per type of activity, one row per activity. Columns with a star have to be filled in."),
        _("Point at a heading to see what its column takes. Leave columns and headings where they are."),
        _("Rows may be sorted, inserted and deleted; copying a whole row makes a new activity."),
        _("Hand the file in at “%(page)s”. You see what is new and what changes before anything is saved.")
        % {"page": _("Fill in offline")},
        _("The same file handed in again changes nothing. What is missing in it is not deleted."),
    ]
    page.set_column(0, 0, None, None, {"hidden": True})
    page.set_column(1, 1, 26)
    page.set_column(2, 2, 90)
    page.hide_gridlines(2)
    page.write_string(0, 0, mark_of(book.campaign, book.unit, None))
    page.write_string(0, 1, safe_text(book.unit.name), book.looks.title)
    page.write_string(1, 1, safe_text(book.campaign.name), book.looks.hint)
    page.write_string(1, 2, f"{book.campaign.starts_on} – {book.campaign.ends_on}", book.looks.hint)
    for row, sentence in enumerate(said, 3):
        page.write_number(row, 1, row - 2, book.looks.hint)
        page.write_string(row, 2, sentence, book.looks.line)
    for row, layout in enumerate(layouts, len(said) + 4):
        page.write_string(row, 1, safe_text(layout.activity_type.name), book.looks.due)
        page.write_string(row, 2, safe_text(layout.activity_type.guidance), book.looks.line)


def _write_sheet(page: Worksheet, layout: Layout, book: Book, records: list[ActivityRecord]) -> None:
    """Write one type: title, headings with notes, limits and lists, records, and rows with hidden keys."""
    columns = layout.columns
    page.set_column(KEY_COLUMN, KEY_COLUMN, None, None, {"hidden": True})
    page.write_string(TITLE_ROW, KEY_COLUMN, mark_of(book.campaign, book.unit, layout.activity_type))
    page.write_string(TITLE_ROW, 1, safe_text(layout.activity_type.name), book.looks.title)
    hint = f"{book.unit.name} · {book.campaign.name}"
    page.write_string(HINT_ROW, 1, safe_text(hint), book.looks.hint)
    page.write_string(HEADING_ROW, KEY_COLUMN, "record key")
    page.set_row(HEADING_ROW, 34)
    for place, column in enumerate(columns, 1):
        _write_head(page, place, column, layout, book)
    page.freeze_panes(FIRST_ROW, 3)
    page.autofilter(HEADING_ROW, KEY_COLUMN, LAST_ROW, len(columns))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADING_ROW)
    for row, record in enumerate(records, FIRST_ROW):
        page.write_string(row, KEY_COLUMN, str(record.key))
        for place, column in enumerate(columns, 1):
            _write_cell(page, row, place, column, record, book.looks)
    for row in range(FIRST_ROW + len(records), FIRST_ROW + len(records) + KEYED_ROWS):
        page.write_string(row, KEY_COLUMN, str(uuid.uuid4()))


def _write_head(page: Worksheet, place: int, column: Column, layout: Layout, book: Book) -> None:
    """Write a heading with its note, and say what the cells below it accept."""
    looks = book.looks
    page.write_string(
        HEADING_ROW, place, safe_text(column.heading), looks.due if column.is_required else looks.heading
    )
    note = note_of(column, book.campaign)
    page.write_comment(HEADING_ROW, place, note, {"x_scale": 1.6, "y_scale": 0.5 + note.count("\n") * 0.3})
    page.set_column(place, place, width_of(column), looks.of(column))
    rule = rule_of(column, book.campaign, book.sources.get(_source(layout, column), ""))
    if rule:
        page.data_validation(FIRST_ROW, place, LAST_ROW, place, rule)


def _write_cell(
    page: Worksheet, row: int, place: int, column: Column, record: ActivityRecord, looks: Looks
) -> None:
    """Write what a record holds in one column."""
    value = _value(column, record)
    if isinstance(value, dt.date):
        page.write_datetime(row, place, dt.datetime.combine(value, dt.time.min), looks.of(column))
    elif isinstance(value, str):
        page.write_string(row, place, safe_text(value), looks.of(column))
    elif value is not None:
        page.write_number(row, place, float(value), looks.of(column))


def _value(column: Column, record: ActivityRecord) -> dt.date | str | int | Decimal | None:
    """Return what a record holds in one column; None where nothing was entered."""
    if column.field == EXPLANATION:
        return explanation_in(record.reasons) or None
    if column.ask is None:
        stored = getattr(record, column.field)
        return "，".join(stored) if isinstance(stored, list) else stored or None
    code = column.field.removeprefix(VALUE_PREFIX)
    value = record.values.get(code)
    if column.ask.kind != Kind.NUMBER:
        return entry_shown(column.ask, value, record.answers.get(code, "")) or None
    return None if value is None else Decimal(value).scaleb(-column.ask.decimals)
