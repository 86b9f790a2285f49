"""Turn the cells of a ledger into what a record holds; what could be read in two ways is refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.campaigns.designs import Ask
from reports.records.fields import BETWEEN_TAGS, LONGEST_TAG, MOST_TAGS
from units.cells import plain
from units.texts import tidy, tidy_line
from units.workbooks.reading import Cell, text

# Year first only: 01/02/2026 is January for some and February for others.
DAY = re.compile(
    r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))(?: 00:00(?::00)?)?"
)
DAY_OF_YEAR = re.compile(r"([0-9]{1,2})月([0-9]{1,2})日")
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,10})?")
YES = frozenset({"是", "有", "yes", "y", "true", "1", "√", "✓", "✔", "对"})
NO = frozenset({"否", "无", "no", "n", "false", "0", "×", "✗", "x", "错"})


class CellError(ValueError):
    """The cell holds no such value; `code` says which and the text why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def line_of(cell: Cell, limit: int) -> str:
    """Return a text of one line. Raises: CellError `too_long`."""
    return _fitting(plain(tidy_line(text(cell))), limit) if cell is not None else ""


def text_of(cell: Cell, limit: int) -> str:
    """Return a text of several lines. Raises: CellError `too_long`."""
    return _fitting(plain(tidy(text(cell))), limit) if cell is not None else ""


def tags_of(cell: Cell) -> tuple[str, ...]:
    """Return the words of a cell, each once. Raises: CellError `too_many`, `too_long`."""
    words = tuple(dict.fromkeys(word for word in BETWEEN_TAGS.split(line_of(cell, 1000)) if word))
    if len(words) > MOST_TAGS:
        raise CellError("too_many", _("Write at most %(most)d tags.") % {"most": MOST_TAGS})
    for word in words:
        _fitting(word, LONGEST_TAG)
    return words


def option_of(cell: Cell, options: tuple[str, ...]) -> str:
    """Return the option that a cell names, "" for an empty one. Raises: CellError `not_offered`."""
    written = line_of(cell, 1000)
    if not written or written in options:
        return written
    wanted = _folded(written)
    for option in options:
        if _folded(option) == wanted:
            return option
    message = _("“%(text)s” is not offered; choose one of: %(options)s.")
    raise CellError("not_offered", message % {"text": _short(written), "options": "、".join(options)})


def yes_no_of(cell: Cell) -> int | None:
    """Return 1 or 0, None for an empty cell. Raises: CellError `not_yes_or_no`."""
    if isinstance(cell, bool):
        return int(cell)
    written = _folded(text(cell))
    if not written:
        return None
    if written not in YES | NO:
        message = _("“%(text)s” is neither yes nor no; write one of them.")
        raise CellError("not_yes_or_no", message % {"text": _short(written)})
    return int(written in YES)


def day_of(cell: Cell, first: dt.date, last: dt.date) -> dt.date | None:
    """Return the day of a date cell or of a text with the year first; None for an empty cell.

    A text without a year is a day where the time from `first` to `last` has it once.
    Raises: CellError `not_a_day`.
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    written = tidy_line(unicodedata.normalize("NFKC", text(cell)))
    if not written:
        return None
    try:
        if found := DAY.fullmatch(written):
            return dt.date(*(int(part) for part in found.groups() if part))
        if found := DAY_OF_YEAR.fullmatch(written):
            return _only_day(int(found[1]), int(found[2]), first, last)
    except ValueError:
        pass
    message = _("“%(text)s” is no day; write it like 2026-11-23.")
    raise CellError("not_a_day", message % {"text": _short(written)})


def number_of(cell: Cell, ask: Ask) -> int | None:
    """Return a number in the indicator's smallest unit, None for an empty cell.

    Raises: CellError `not_a_number`, `too_many_decimals`.
    """
    if cell is None or cell == "":
        return None
    if type(cell) is int and not ask.decimals:
        return cell
    written = _digits(cell, ask)
    if isinstance(cell, bool) or not NUMBER.fullmatch(written):
        message = _("“%(text)s” is no number; write digits alone, such as 120.")
        raise CellError("not_a_number", message % {"text": _short(text(cell))})
    scaled = Decimal(written.replace(",", "")).scaleb(ask.decimals)
    if scaled != scaled.to_integral_value():
        message = _("“%(text)s” has more than %(decimals)d digits behind the point.")
        raise CellError("too_many_decimals", message % {"text": _short(text(cell)), "decimals": ask.decimals})
    return int(scaled)


def _digits(cell: Cell, ask: Ask) -> str:
    """Return a cell as digits: half-width, without blanks and without the unit of measure behind them."""
    if isinstance(cell, float):
        # As many digits as a spreadsheet shows; beyond them stands what binary numbers make of 0.3.
        return f"{Decimal(format(cell, '.15g')):f}"
    written = "".join(unicodedata.normalize("NFKC", text(cell)).split())
    measure = unicodedata.normalize("NFKC", ask.unit_of_measure)
    return written.removesuffix(measure) if measure else written


def _only_day(month: int, day: int, first: dt.date, last: dt.date) -> dt.date:
    """Return the one day of that month and number within a time. Raises: ValueError."""
    days = [dt.date(year, month, day) for year in range(first.year, last.year + 1)]
    (within,) = (found for found in days if first <= found <= last)
    return within


def _fitting(written: str, limit: int) -> str:
    """Return a text that is no longer than its column. Raises: CellError `too_long`."""
    if len(written) > limit:
        message = _("The text has %(length)d characters; %(limit)d are the most.")
        raise CellError("too_long", message % {"length": len(written), "limit": limit})
    return written


def _folded(written: str) -> str:
    """Return a text without what does not matter in a choice: width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", written).casefold().split())


def _short(written: str) -> str:
    """Return what a message quotes of a cell."""
    return written if len(written) <= 40 else written[:39] + "…"
