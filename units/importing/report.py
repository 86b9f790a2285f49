"""Say in lines of text what an import will do, for the command line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from units.importing.plan import Fate, Item, Plan
from units.importing.table import Table


def lines_of(table: Table, plan: Plan, n_rows: int) -> Iterator[str]:
    """Yield the counts by fate, kind and band, and the first `n_rows` rows that change something."""
    sheet = f"“{table.sheet}” " if table.sheet else ""
    yield sheet + _("header in row %(row)d, %(count)d rows with units, %(skipped)d rows skipped") % {
        "row": table.header_row,
        "count": len(table.lines),
        "skipped": plan.n_skipped,
    }
    yield plan.counts()
    yield plan.kind_rule
    yield from _columns([str(kind), str(count)] for kind, count in plan.by_kind())
    if plan.bands:
        yield _("Groups of the file, declared and found:")
        yield from _columns(
            [band.name, str(band.n_declared), str(band.n_found), "" if band.is_right else "≠"]
            for band in plan.bands
        )
    moving = [item for item in plan.items if item.fate is not Fate.UNCHANGED]
    yield from _columns(_row(item) for item in moving[:n_rows])
    if len(moving) > n_rows:
        yield _("… and %(count)d rows more.") % {"count": len(moving) - n_rows}


def problem_lines(table: Table, plan: Plan) -> Iterator[str]:
    """Yield one line per error, with its sheet, row and column."""
    for problem in plan.problems:
        yield f"{table.place(problem) or _('file')}: {problem.message}"


def _row(item: Item) -> list[str]:
    """Return what happens to one row."""
    if item.fate is Fate.NEW:
        facts = [item.unit.kind.code, item.unit.level, item.unit.place, item.unit.authority]
        what = " · ".join(fact for fact in facts if fact)
    else:
        what = "; ".join(f"{name}: {old or '—'} → {new or '—'}" for name, (old, new) in item.named_changes())
    return [str(item.row), str(item.fate.label), item.unit.code, item.unit.name, what]


def _columns(rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the rows with their cells one under the other; a full-width character takes two places."""
    table = list(rows)
    widths = [max(_width(cell) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many places a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
