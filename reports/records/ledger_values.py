"""Turn the cells of a ledger into days and numbers, strictly: what could be read in two ways is refused."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.campaigns.models import Indicator
from reports.records.content import Content
from reports.records.models import ActivityRecord
from units.rules import RuleError
from units.texts import tidy_line
from units.workbooks.reading import Cell, text

LIMITS: dict[str, int] = {
    field.name: field.max_length
    for field in ActivityRecord._meta.concrete_fields
    if field.name in {"title", "place", "text"} and field.max_length is not None
}
TEXT_FIELDS = tuple(LIMITS)
# Year first only: 01/02/2018 is January for some and February for others.
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]+)?")


def day_of(cell: Cell) -> dt.date:
    """Return a day: a date cell, or a text with the year first.

    Raises: RuleError `required`, `not_a_day` on field `held_on`.
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    written = tidy_line(text(cell))
    if not written:
        raise RuleError("required", _("The day is missing."), field="held_on")
    match = DAY.fullmatch(written)
    try:
        year, month, day = (int(part) for part in match.groups() if part) if match else (0, 0, 0)
        return dt.date(year, month, day)
    except ValueError as error:
        message = _("“%(text)s” is no day; write it like 2026-11-23.")
        raise RuleError("not_a_day", message % {"text": written}, field="held_on") from error


def value_of(cell: Cell, indicator: Indicator) -> int | None:
    """Return a number in the indicator's smallest unit, None for an empty cell.

    Raises: RuleError `not_a_number`, `too_many_decimals` on the indicator's field.
    """
    written = tidy_line(text(cell))
    if not written:
        return None
    if isinstance(cell, bool) or not NUMBER.fullmatch(written):
        message = _("%(name)s: “%(text)s” is no number; write digits alone.")
        raise RuleError(
            "not_a_number", message % {"name": indicator.name, "text": written}, field=indicator.code
        )
    scaled = Decimal(written).scaleb(indicator.decimals)
    if scaled != scaled.to_integral_value():
        message = _("%(name)s: “%(text)s” has more than %(decimals)d decimals.")
        facts = {"name": indicator.name, "text": written, "decimals": indicator.decimals}
        raise RuleError("too_many_decimals", message % facts, field=indicator.code)
    return int(scaled)


def too_long(content: Content) -> Iterable[RuleError]:
    """Yield what does not fit into its column."""
    for name in TEXT_FIELDS:
        limit = LIMITS[name]
        if len(getattr(content, name)) > limit:
            message = _("“%(field)s” has more than %(limit)d characters.")
            yield RuleError("too_long", message % {"field": name, "limit": limit}, field=name)
