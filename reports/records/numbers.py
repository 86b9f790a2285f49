"""What was entered into a record as people read it: under its name, with its unit of measure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.campaigns.designing import ask_of
from reports.campaigns.designs import Ask, Design, Part
from reports.records.asked import entry_shown
from reports.records.models import ActivityRecord


@dataclass(frozen=True, slots=True)
class Number:
    """One indicator as it was asked, with what was entered for it; `shown` is empty where nothing was."""

    indicator: Ask
    shown: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of the form with what was entered; `text` is empty where nothing was."""

    label: str
    text: str


def parts_of(record: ActivityRecord) -> list[Fact]:
    """Return the parts that the record's form showed, and whatever else was entered, in the page's order.

    Queries: none where the form was fetched along.
    """
    facts = {
        Part.PLACE: Fact(str(_("Place")), record.place),
        Part.SPEAKER: Fact(str(_("Speaker")), record.speaker),
        Part.MODE: Fact(str(_("How it was done")), record.mode),
        Part.TOPIC: Fact(str(_("Topic")), record.topic),
        Part.TAGS: Fact(str(_("Tags")), "，".join(record.tags)),
    }
    design = record.form.design if record.form else Design(parts=frozenset({Part.PLACE.value}))
    return [fact for part, fact in facts.items() if fact.text or design.shows(part)]


def numbers_of(record: ActivityRecord) -> list[Number]:
    """Return the entries of one record in the order of the form that it was written with.

    Queries: one for the form, none where it was fetched along; one more for an entry of another form.
    """
    asks = record.form.design.asks if record.form else ()
    if not {*record.values, *record.answers} <= {ask.code for ask in asks}:
        asks = _with_others(record, asks)
    return _numbers(record, asks)


def numbers_on_form(record: ActivityRecord) -> list[Number]:
    """Return the entries that the record's own form asks for, as a line of a list shows them.

    Queries: none where the form was fetched along.
    """
    return _numbers(record, record.form.design.asks if record.form else ())


def _numbers(record: ActivityRecord, asks: tuple[Ask, ...]) -> list[Number]:
    """Return what was entered for each of some asks."""
    return [
        Number(ask, entry_shown(ask, record.values.get(ask.code), record.answers.get(ask.code, "")))
        for ask in asks
    ]


def _with_others(record: ActivityRecord, asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Return the form's own asks, and those of the type for whatever else was entered."""
    known, entered = {ask.code for ask in asks}, {*record.values, *record.answers}
    others = record.activity_type.indicators.in_order()
    return asks + tuple(
        ask_of(indicator)
        for indicator in others
        if indicator.code not in known
        and (indicator.code in entered or not (record.form or indicator.is_retired))
    )
