"""Soft rules (经验校验): what may be right, but asks for a reason. Pure; the only place of these rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.campaigns.designs import Ask, Design, Kind
from reports.records.asked import VALUE_PREFIX, shown
from reports.records.content import Content
from reports.records.personal import identity_numbers, mobile_numbers

TIMES = 3
# In whole units: nobody asks why there were four sessions and not one.
LEAST_DIFFERENCE = 5
SESSIONS = "sessions"
REASON_PREFIX = "reason_"
PERSONAL = {"identity": identity_numbers, "mobile": mobile_numbers}
KEY = re.compile(r"^(?:twin|(?:below|above|heads|few|many|identity|mobile)_[a-z0-9_]{1,60})\Z")

MESSAGES: dict[str, str | Promise] = {
    "below": _("%(name)s is %(value)s; less than %(limit)s is rare."),
    "above": _("%(name)s is %(value)s; more than %(limit)s is rare."),
    "heads": _("%(name)s is %(value)s; with all of the unit’s people it could be %(limit)s."),
    "few": _("%(name)s is %(value)s; your usual number is about %(limit)s."),
    "many": _("%(name)s is %(value)s; your usual number is about %(limit)s."),
    "twin": _("%(unit)s reported an activity of the same title, on the same day, at the same place."),
    "identity": _("%(name)s holds an identity number (%(found)s); leave it out unless it has to stay."),
    "mobile": _("%(name)s holds a mobile number (%(found)s); leave it out unless it has to stay."),
}
TEXT_NAMES: dict[str, str | Promise] = {
    "title": _("The title"),
    "place": _("The place"),
    "speaker": _("The speaker"),
    "topic": _("The topic"),
    "tags": _("The tags"),
    "text": _("The text"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that needs an explanation: the rule, the form's field, and what is said about it.

    The facts are kept with the record, so that what was said stays what it was.
    """

    code: str
    field: str
    facts: Mapping[str, str]

    @property
    def key(self) -> str:
        """Return what tells the doubt from the others of its record."""
        if self.code == "twin":
            return self.code
        # A text's field keeps its prefix: an indicator may be called “title”, too.
        return f"{self.code}_{self.field if self.code in PERSONAL else self.field.removeprefix(VALUE_PREFIX)}"

    @property
    def reason_field(self) -> str:
        """Return the form's field for the explanation."""
        return REASON_PREFIX + self.key

    @property
    def message(self) -> str:
        """Return what is said, in the reader's language."""
        facts = dict(self.facts)
        if self.code in PERSONAL and self.field in TEXT_NAMES:
            facts["name"] = str(TEXT_NAMES[self.field])
        return str(MESSAGES[self.code]) % facts

    def as_json(self) -> dict[str, object]:
        """Return the doubt as its record keeps it."""
        return {"code": self.code, "field": self.field, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Background:
    """What a content is held against: usual numbers by indicator, heads by group, others' same activities.

    All numbers in the indicator's smallest unit, heads in persons; what is not known is not there.
    """

    usual: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[str, int] = field(default_factory=dict)
    twins: tuple[str, ...] = ()


Rule = Callable[[Ask, int, Content, Background], "Doubt | None"]


def doubts(content: Content, design: Design, background: Background) -> list[Doubt]:
    """Return what needs an explanation, texts before numbers; of one number the most telling thing alone."""
    found = [*_twin_doubts(background), *_personal_doubts(content, design)]
    for ask in design.asks:
        value = content.values.get(ask.code)
        if value is not None and ask.kind == Kind.NUMBER:
            found += _first_doubt(ask, value, content, background)
    return found


def _first_doubt(ask: Ask, value: int, content: Content, background: Background) -> list[Doubt]:
    """Return the first thing that is doubtful about a number; one question for one number is enough."""
    for rule in (_outside_limits, _above_heads, _unusual):
        found = rule(ask, value, content, background)
        if found is not None:
            return [found]
    return []


def _outside_limits(ask: Ask, value: int, content: Content, background: Background) -> Doubt | None:
    """Doubt what lies outside the indicator's soft limits."""
    if ask.soft_minimum is not None and value < ask.soft_minimum:
        return _number_doubt("below", ask, value, shown(ask.soft_minimum, ask))
    if ask.soft_maximum is not None and value > ask.soft_maximum:
        return _number_doubt("above", ask, value, shown(ask.soft_maximum, ask))
    return None


def _above_heads(ask: Ask, value: int, content: Content, background: Background) -> Doubt | None:
    """Doubt more attendances than the unit has heads, times its sessions: a person may come to each."""
    heads = background.heads.get(ask.heads)
    if not ask.heads or heads is None:
        return None
    limit = heads * max(1, content.values.get(SESSIONS, 1))
    if value <= limit * 10**ask.decimals:
        return None
    return _number_doubt("heads", ask, value, str(limit))


def _unusual(ask: Ask, value: int, content: Content, background: Background) -> Doubt | None:
    """Doubt what is more than three times the unit's usual number, or less than a third of it."""
    usual = background.usual.get(ask.code, 0)
    if usual <= 0 or abs(value - usual) < LEAST_DIFFERENCE * 10**ask.decimals:
        return None
    if value > TIMES * usual:
        return _number_doubt("many", ask, value, shown(usual, ask))
    return _number_doubt("few", ask, value, shown(usual, ask)) if value * TIMES < usual else None


def _number_doubt(code: str, ask: Ask, value: int, limit: str) -> Doubt:
    """Return a doubt about one number, with its limit as people read it."""
    return Doubt(
        code, VALUE_PREFIX + ask.code, {"name": ask.name, "value": shown(value, ask), "limit": limit}
    )


def _twin_doubts(background: Background) -> Iterator[Doubt]:
    """Yield the doubt about another unit's same activity; it names the first such unit alone."""
    if background.twins:
        yield Doubt("twin", "title", {"unit": background.twins[0]})


def _personal_doubts(content: Content, design: Design) -> Iterator[Doubt]:
    """Yield what belongs to one person, text by text."""
    texts = {name: getattr(content, name) for name in TEXT_NAMES} | {"tags": "\n".join(content.tags)}
    names = {VALUE_PREFIX + ask.code: ask.name for ask in design.asks}
    texts |= {VALUE_PREFIX + code: answer for code, answer in content.answers.items()}
    for name, text in texts.items():
        for code, find in PERSONAL.items():
            found = find(text)
            if found:
                yield Doubt(code, name, {"name": names.get(name, name), "found": "、".join(found[:3])})
