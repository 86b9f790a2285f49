"""What a browser tells of a form that is being filled in, read and cut to what is kept; pure."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from units.rules import RuleError

# Far above the longest form that could be sent, far below what hurts.
LONGEST = 100_000
MOST_FIELDS = 200
# What a person types into any form of a record; what else is posted is not of our making.
TYPED = re.compile(
    r"title|held_on|text|place|speaker|mode|topic|tags|joins_twin|(?:value|reason)_[a-z0-9_]{1,80}"
)
# PostgreSQL stores neither in JSON.
NOT_STORED = re.compile("[\x00\ud800-\udfff]")

Fields = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """One form as it stands in one tab: about which type, unit and record, over which version.

    `taken_up` is the copy that the tab was opened with and the sequence that the copy had then.
    """

    key: uuid.UUID
    tab: uuid.UUID
    activity_type: int
    unit: int
    record: int | None
    version: int | None
    taken_up: tuple[int, int] | None
    fields: Fields

    @classmethod
    def of(cls, posted: Mapping[str, list[str]]) -> Typed:
        """Return what was posted. Raises: RuleError `unreadable`, `too_long`."""
        one = {name: values[-1] for name, values in posted.items() if values}
        try:
            activity_type, unit, record = (number(part) for part in one["about"].split(":"))
            if activity_type is None or unit is None:
                raise ValueError(one["about"])
            return cls(
                key=uuid.UUID(one["key"]),
                tab=uuid.UUID(one["tab"]),
                activity_type=activity_type,
                unit=unit,
                record=record,
                version=number(one.get("version", "")),
                taken_up=_taken_up(one.get("taken_up", "")),
                fields=kept(posted),
            )
        except (KeyError, ValueError, AttributeError) as error:
            raise RuleError("unreadable", "This is no form of ours.") from error

    @classmethod
    def of_json(cls, body: bytes) -> tuple[Typed, int, int]:
        """Return what a script sent with its person and its sequence. Raises: RuleError as `of`."""
        if len(body) > LONGEST * 4:
            raise RuleError("too_long", "This is longer than any form.")
        try:
            told: dict[str, Any] = json.loads(body)
            person, sequence = int(told["person"]), int(told["sequence"])
            fields = {
                str(name): [str(value) for value in list(values)] for name, values in told["fields"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise RuleError("unreadable", "This is no form of ours.") from error
        if not 0 <= sequence < 2**53:
            raise RuleError("unreadable", "This is no form of ours.")
        return cls.of(fields), person, sequence


def _taken_up(told: str) -> tuple[int, int] | None:
    """Return the copy and its sequence that a form was opened with. Raises: ValueError."""
    pk, _colon, sequence = told.partition(":")
    copy, then = number(pk), number(sequence)
    return None if copy is None or then is None else (copy, then)


def number(part: str) -> int | None:
    """Return a short number, None for nothing. Raises: ValueError."""
    if not part:
        return None
    if not (part.isascii() and part.isdigit() and len(part) <= 16):
        raise ValueError(part)
    return int(part)


def kept(posted: Mapping[str, list[str]]) -> Fields:
    """Return what a person has typed, as typed. Raises: RuleError `too_long`."""
    fields = {
        name: [NOT_STORED.sub("", value) for value in values]
        for name, values in posted.items()
        if TYPED.fullmatch(name)
    }
    length = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if length > LONGEST or len(fields) > MOST_FIELDS:
        raise RuleError("too_long", "This is longer than any form.")
    return fields


def plain(fields: Fields) -> Fields:
    """Return the fields in which something stands, so that two copies can be compared."""
    tidied = {
        name: [value.replace("\r\n", "\n").strip() for value in values] for name, values in fields.items()
    }
    return {name: values for name, values in tidied.items() if any(values)}
