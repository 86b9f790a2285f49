"""The columns of a type's sheet: one list for the template, for reading it back and for what people see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from reports.campaigns.designs import Ask, Design, Kind, Part
from reports.records.asked import VALUE_PREFIX

KEY = "key"
DAY, TITLE, TEXT = "held_on", "title", "text"
EXPLANATION = "explanation"
# What units call the columns of their own ledgers, beside the names of the form.
ALIASES: dict[str, tuple[str, ...]] = {
    DAY: ("日期", "活动日期", "举办日期", "开展日期", "活动时间", "date", "held on"),
    TITLE: ("标题", "活动名称", "活动标题", "名称", "name"),
    TEXT: ("内容", "活动内容", "主要内容", "情况", "description"),
    "place": ("地点", "活动地点", "场地", "venue"),
    "speaker": ("主讲人", "宣讲人", "授课人"),
    "mode": ("方式", "形式", "活动形式", "活动方式"),
    "topic": ("主题", "专题"),
    "tags": ("标签", "关键词"),
    EXPLANATION: ("说明", "情况说明", "备注说明", "reason"),
}
BRACKETS = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the record's field that it holds (an indicator's begins with `value_`), and its name."""

    field: str
    name: str
    is_required: bool = False
    measure: str = ""
    options: tuple[str, ...] = ()
    ask: Ask | None = None

    @property
    def heading(self) -> str:
        """Return what stands above the column: the name, its unit of measure, and a star where it is due."""
        measure = f"（{self.measure}）" if self.measure else ""
        return f"{self.name}{measure}{' *' if self.is_required else ''}"


def columns_of(design: Design) -> list[Column]:
    """Return the columns of a form in the order of the sheet; the names are in the reader's language."""
    parts = {
        Part.PLACE: Column("place", _("Place")),
        Part.SPEAKER: Column("speaker", _("Speaker")),
        Part.MODE: Column("mode", _("How it was done"), is_required=True, options=design.modes),
        Part.TOPIC: Column("topic", _("Topic")),
        Part.TAGS: Column("tags", _("Tags")),
    }
    return [
        Column(DAY, _("Day"), is_required=True),
        Column(TITLE, _("Title"), is_required=True),
        *(column for part, column in parts.items() if design.shows(part)),
        *(_column_of(ask) for ask in design.asks),
        Column(TEXT, _("What took place")),
        Column(EXPLANATION, _("Explanation")),
    ]


def _column_of(ask: Ask) -> Column:
    """Return the column of one indicator."""
    options = (_("yes"), _("no")) if ask.kind == Kind.YES_NO else ask.options
    return Column(
        VALUE_PREFIX + ask.code, ask.name, ask.is_required, ask.unit_of_measure, tuple(options), ask
    )


def explanation_in(reasons: Mapping[str, str]) -> str:
    """Return the explanations of a record as its one cell holds them."""
    return "；".join(dict.fromkeys(reasons[key] for key in sorted(reasons)))


def plain(heading: str) -> str:
    """Return a heading without what may differ between two workbooks: width, case, blanks and stars."""
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split()).rstrip("*")


def fields_by_heading(design: Design) -> dict[str, str]:
    """Return which field each known heading stands for: in every language, with and without its measure."""
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            columns = columns_of(design)
        for column in columns:
            exact.setdefault(plain(column.heading), column.field)
            for name in _other_names(column):
                loose.setdefault(plain(name), set()).add(column.field)
    # A name that two columns share tells neither.
    single = {name: fields.pop() for name, fields in loose.items() if len(fields) == 1}
    return single | exact


def without_brackets(heading: str) -> str:
    """Return a plain heading without the unit of measure behind it."""
    return BRACKETS.sub("", heading).rstrip("*")


def _other_names(column: Column) -> Iterable[str]:
    """Yield what else the column may be called."""
    yield column.name
    yield from ALIASES.get(column.field, ())
    if column.ask:
        yield column.ask.code
