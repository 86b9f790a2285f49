"""What a person enters into a record, and the rules it has to obey. The only place of these rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.campaigns.designs import Design, Part
from reports.campaigns.models import ActivityType, Indicator, Period
from reports.records.asked import ask_gaps, check_answer
from reports.records.models import ActivityRecord
from units.models import Unit
from units.rules import RuleError

TEXTS = ("title", "place", "text", "speaker", "mode", "topic")
MAPS = ("values", "answers", "reasons")
ALWAYS_KEPT = ("held_on", "title", "place", "text", "values")
# What a draft may still lack: it is completed later, or the day is yet to come.
INCOMPLETE = frozenset({"required", "future"})


@dataclass(frozen=True, slots=True)
class Content:
    """The part of a record that its author writes; `values` in each indicator's smallest unit.

    `answers` are the choices and texts by their indicator's code; `reasons` the explanations by the soft
    rule that was broken. The names are those of the record's columns.
    """

    held_on: dt.date
    title: str = ""
    place: str = ""
    text: str = ""
    values: dict[str, int] = field(default_factory=dict)
    speaker: str = ""
    mode: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, record: ActivityRecord) -> Content:
        """Return the content that `record` holds."""
        copied: dict[str, Any] = {name: getattr(record, name) for name in TEXTS}
        copied |= {name: dict(getattr(record, name)) for name in MAPS}
        return cls(held_on=record.held_on, tags=tuple(record.tags), **copied)

    def columns(self) -> dict[str, object]:
        """Return the content by the columns of the record that hold it."""
        named = {name: getattr(self, name) for name in (*TEXTS, *MAPS)}
        return {"held_on": self.held_on, "tags": list(self.tags), **named}

    def as_json(self) -> dict[str, object]:
        """Return the content as a step keeps it; what a type never asks for is left out where empty."""
        kept = self.columns() | {"held_on": self.held_on.isoformat()}
        return {name: value for name, value in kept.items() if value or name in ALWAYS_KEPT}


def period_of(activity_type: ActivityType, unit: Unit, held_on: dt.date) -> Period:
    """Return the period that a day belongs to, if the unit may report for that day.

    Raises: RuleError as `admitted`.
    """
    period: Period | None = (
        Period.objects.filter(campaign=activity_type.campaign_id)
        .containing(held_on)
        .select_related("campaign")
        .first()
    )
    return admitted(period, unit, held_on)


def admitted(period: Period | None, unit: Unit, held_on: dt.date) -> Period:
    """Return the period found for a day, if there is one and the unit may report for that day.

    Raises: RuleError on field `held_on`: `outside_periods` where no opened period holds the day,
    `unit_inactive` where the unit did not exist on it.
    """
    if period is None:
        message = _("%(day)s lies in no open reporting period of this campaign; choose a day within one.")
        raise RuleError("outside_periods", message % {"day": held_on.isoformat()}, field="held_on")
    if not unit.is_open_on(held_on):
        message = _("%(unit)s was not active on %(day)s; choose a day on which it was, or ask the bureau.")
        raise RuleError(
            "unit_inactive", message % {"unit": unit, "day": held_on.isoformat()}, field="held_on"
        )
    return period


def check_values(content: Content, indicators: Iterable[Indicator]) -> None:
    """Refuse what no form of ours sends, even for a draft: one such value would stop or falsify the tally.

    `indicators` are all of the type, for an old draft may hold a number that is asked no more.
    Raises: RuleError `unknown_indicator`, `not_a_number`, `too_large`, `not_a_text`.
    """
    known = {indicator.code: indicator for indicator in indicators}
    for code, value in [*content.values.items(), *content.answers.items()]:
        if code not in known:
            message = _("“%(code)s” is no number that this type of activity asks for.") % {"code": code}
            raise RuleError("unknown_indicator", message)
        check_answer(known[code], value, is_counted=code in content.values)


def gaps(content: Content, design: Design, *, today: dt.date, n_files: int = 0) -> list[RuleError]:
    """Return all that stands between this content and a submission, field by field, in the form's order.

    `n_files`: how many photos and files the record has.
    """
    found = []
    if not content.title.strip():
        found.append(RuleError("required", _("Give the activity a title."), field="title"))
    if content.held_on > today:
        message = _("%(day)s has not come yet; report the activity once it has taken place.")
        found.append(RuleError("future", message % {"day": content.held_on.isoformat()}, field="held_on"))
    if design.shows(Part.MODE) and content.mode not in design.modes:
        found.append(RuleError("required", _("Choose how it was done."), field="mode"))
    return (
        found
        + [
            gap
            for ask in design.asks
            for gap in ask_gaps(ask, content.values.get(ask.code), content.answers.get(ask.code, ""))
        ]
        + _file_gaps(design, n_files)
    )


def _file_gaps(design: Design, n_files: int) -> list[RuleError]:
    """Return that there are fewer photos and files than the type asks for, if so."""
    if n_files >= design.n_attachments:
        return []
    message = ngettext(
        "Add at least %(least)d photo or file.",
        "Add at least %(least)d photos or files.",
        design.n_attachments,
    )
    return [RuleError("required", message % {"least": design.n_attachments}, field="files")]


def problems(
    content: Content,
    design: Design,
    activity_type: ActivityType,
    unit: Unit,
    *,
    today: dt.date,
    is_final: bool,
    n_files: int = 0,
) -> list[RuleError]:
    """Return everything that is wrong at once, for a form; a draft may be incomplete.

    Queries: one.
    """
    found = gaps(content, design, today=today, n_files=n_files)
    if not is_final:
        found = [gap for gap in found if gap.code not in INCOMPLETE]
    try:
        period_of(activity_type, unit, content.held_on)
    except RuleError as refused:
        found = [gap for gap in found if gap.field != refused.field] + [refused]
    return found
