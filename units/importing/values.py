"""Turn the text of a cell into a head-count or a day, and back."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from django.utils.translation import gettext as _

Value = str | int | dt.date | None

TEXTS = ("name", "authority", "place", "level")
NUMBERS = ("n_staff", "n_party_members", "n_students")
DAYS = ("counted_on", "opened_on", "closed_on")
# Columns of the file that are columns of a unit, beside code, kind and parent.
FACTS = (*TEXTS, *NUMBERS, *DAYS)

LARGEST = 2**31 - 1
NUMBER = re.compile(r"[0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3}")
# 2026-09-01, 2026/9/1, 2026.9.1, 2026年9月1日, with or without a midnight behind it.
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00)?)?")


class CellError(ValueError):
    """The cell holds no such value; `code` says which and the text why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def value_of(field: str, text: str) -> Value:
    """Return what a cell says about `field`; an empty number or day is none.

    Raises: CellError `no_number`, `no_day`.
    """
    if field in TEXTS:
        return text
    bare = unicodedata.normalize("NFKC", text)
    if not bare:
        return None
    return _number(bare) if field in NUMBERS else _day(bare)


def written(value: Value) -> str:
    """Return a value as a person reads it in a preview and in the audit trail."""
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def _number(text: str) -> int:
    """Return a whole number of heads."""
    number = int(text.replace(",", "")) if NUMBER.fullmatch(text) else -1
    if not 0 <= number <= LARGEST:
        message = _("“%(text)s” is no number of heads; write a whole number such as 120.")
        raise CellError("no_number", message % {"text": text})
    return number


def _day(text: str) -> dt.date:
    """Return a day of the calendar."""
    found = DAY.fullmatch(text)
    try:
        if found:
            return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    message = _("“%(text)s” is no day; write it like 2026-09-01.")
    raise CellError("no_day", message % {"text": text})
