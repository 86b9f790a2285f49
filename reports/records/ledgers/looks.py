"""How a column of the template looks: formats, widths, what its cells accept, and the note at its heading."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from reports.campaigns.designs import Kind
from reports.campaigns.models import Campaign
from reports.records.asked import LONGEST_ANSWER, shown
from reports.records.explaining import LONGEST_REASON
from reports.records.fields import MOST_TAGS
from reports.records.forms import TEXT_LENGTH, TITLE_LENGTH
from reports.records.ledgers.columns import DAY, EXPLANATION, TEXT, TITLE, Column

WIDTHS = {EXPLANATION: 40, DAY: 13, TITLE: 34, TEXT: 60, "place": 22, "topic": 26, "tags": 22}
LIMITS = {
    TEXT: TEXT_LENGTH,
    TITLE: TITLE_LENGTH,
    "place": TITLE_LENGTH,
    "speaker": TITLE_LENGTH,
    "topic": TITLE_LENGTH,
    EXPLANATION: LONGEST_REASON,
}
# What the format of a spreadsheet forbids in the name of a sheet.
LONGEST_NAME = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
FONT = {"font_name": "Microsoft YaHei", "font_size": 10}


@dataclass(frozen=True, slots=True)
class Looks:
    """The formats of a workbook."""

    title: Format
    hint: Format
    due: Format
    heading: Format
    day: Format
    line: Format
    text: Format
    number: Format
    decimals: dict[int, Format]

    def of(self, column: Column) -> Format:
        """Return the format of a column's cells."""
        if column.field == DAY:
            return self.day
        if column.field == TEXT:
            return self.text
        if column.ask is not None and column.ask.kind == Kind.NUMBER:
            return self.decimals[column.ask.decimals] if column.ask.decimals else self.number
        return self.line


def looks_of(book: Workbook) -> Looks:
    """Add the formats to a workbook."""
    head = {"bold": True, "valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#C9D3DE"}
    top = {"valign": "top"}
    return Looks(
        title=book.add_format(FONT | {"bold": True, "font_size": 14, "font_color": "#1D4F91"}),
        hint=book.add_format(FONT | {"font_color": "#5B6875", "valign": "top"}),
        due=book.add_format(FONT | head | {"bg_color": "#DCE8F7", "font_color": "#1D4F91"}),
        heading=book.add_format(FONT | head | {"bg_color": "#F1F4F8"}),
        day=book.add_format(FONT | top | {"num_format": "yyyy-mm-dd", "align": "left"}),
        # As text: a spreadsheet would take 11-23 for a day.
        line=book.add_format(FONT | top | {"num_format": "@", "text_wrap": True}),
        text=book.add_format(FONT | top | {"num_format": "@", "text_wrap": True}),
        number=book.add_format(FONT | top | {"num_format": "#,##0"}),
        decimals={n: book.add_format(FONT | top | {"num_format": "#,##0." + "0" * n}) for n in range(1, 5)},
    )


def width_of(column: Column) -> int:
    """Return how wide a column is, in digits."""
    return WIDTHS.get(column.field, max(12, 2 * len(column.heading)))


def names_of(types: Iterable[str]) -> list[str]:
    """Return the names of the sheets: short enough, without forbidden characters, each once."""
    names: list[str] = []
    for kind in types:
        plain = " ".join(kind.translate(FORBIDDEN).split())[:LONGEST_NAME] or "-"
        name, number = plain, 2
        while name.casefold() in {known.casefold() for known in names}:
            name, number = f"{plain[: LONGEST_NAME - 4]} ({number})", number + 1
        names.append(name)
    return names


def rule_of(column: Column, campaign: Campaign, source: str) -> dict[str, Any] | None:
    """Return what the cells of a column accept; `source` is the range of what can be chosen."""
    if source:
        message = _("Choose one from the list.")
        return {"validate": "list", "source": source, "error_title": column.name, "error_message": message}
    if column.field == DAY:
        message = _("Write a day from %(first)s to %(last)s, like 2026-11-23.")
        days = {"first": campaign.starts_on.isoformat(), "last": campaign.ends_on.isoformat()}
        limits = {"minimum": campaign.starts_on, "maximum": campaign.ends_on}
        return _between("date", column, message % days, limits)
    if column.ask is not None and column.ask.kind == Kind.NUMBER:
        ask = column.ask
        message = _("Write a number from %(least)s to %(most)s.")
        said = message % {"least": shown(ask.minimum, ask), "most": shown(ask.maximum, ask)}
        span = {
            "minimum": float(Decimal(ask.minimum).scaleb(-ask.decimals)),
            "maximum": float(Decimal(ask.maximum).scaleb(-ask.decimals)),
        }
        return _between("decimal" if ask.decimals else "integer", column, said, span)
    if column.field in LIMITS:
        message = _("%(limit)d characters are the most.") % {"limit": LIMITS[column.field]}
        return _length(column, message, LIMITS[column.field])
    return None


def note_of(column: Column, campaign: Campaign) -> str:
    """Return the note at a heading: whether it is due, and what it takes."""
    said = [_("Required.") if column.is_required else _("Optional.")]
    rule = rule_of(column, campaign, "")
    if column.options:
        said.append(_("Choose one: %(options)s.") % {"options": "、".join(column.options)})
    elif column.field == "tags":
        said.append(_("At most %(most)d words, with a comma between them.") % {"most": MOST_TAGS})
    elif rule:
        said.append(str(rule["error_message"]))
    elif column.ask is not None:
        said.append(_("%(limit)d characters are the most.") % {"limit": LONGEST_ANSWER})
    if column.field == EXPLANATION:
        said.append(_("Needed only where the preview asks for it, such as for an unusual number."))
    if column.measure:
        said.append(_("Unit of measure: %(measure)s.") % {"measure": column.measure})
    return "\n".join(said)


def _between(kind: str, column: Column, message: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Return a rule of two limits."""
    named = {"error_title": column.name[:32], "error_message": message[:255]}
    return {"validate": kind, "criteria": "between", **limits, **named}


def _length(column: Column, message: str, limit: int) -> dict[str, Any]:
    """Return a rule of a text's length."""
    named = {"error_title": column.name[:32], "error_message": message[:255]}
    return {"validate": "length", "criteria": "<=", "value": limit, **named}
