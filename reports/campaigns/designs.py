"""What a form asks, as a value: pure, comparable, and stored with every version of a form."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Protocol, TypedDict


class Kind(StrEnum):
    """What can be entered for an indicator; the values are stored."""

    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"


# Numbers and yes or no are integers that can be added up; the others are words.
COUNTED = frozenset({Kind.NUMBER, Kind.YES_NO})


class Heads(StrEnum):
    """Whose number in a unit a number of attendances is held against; the values are stored."""

    STAFF = "staff"
    PARTY_MEMBERS = "party_members"
    STUDENTS = "students"
    EVERYBODY = "everybody"


class Part(StrEnum):
    """A part of the form that a type may show or leave out; title, day and text are always there."""

    PLACE = "place"
    SPEAKER = "speaker"
    MODE = "mode"
    TOPIC = "topic"
    TAGS = "tags"
    ATTACHMENTS = "attachments"


class Measured(Protocol):
    """Whatever has decimals: an indicator, or what a form asked for."""

    @property
    def decimals(self) -> int:
        """Return how many digits stand behind the point."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """One indicator as a form asks for it; limits in the indicator's smallest unit, as everywhere.

    Outside the soft limits a reason is asked for; None means no such limit. `is_shared`: in a joint event
    the host alone enters it, so that it counts once. `heads`: more than the unit has of them, for each
    session, needs a reason too; empty for no such limit.
    """

    code: str
    name: str
    kind: str = Kind.NUMBER.value
    unit_of_measure: str = ""
    decimals: int = 0
    is_required: bool = True
    minimum: int = 0
    maximum: int = 1_000_000_000
    soft_minimum: int | None = None
    soft_maximum: int | None = None
    options: tuple[str, ...] = ()
    is_shared: bool = False
    heads: str = ""

    @property
    def is_counted(self) -> bool:
        """Say whether what is entered is an integer that can be added up."""
        return self.kind in COUNTED


# By hand and not by `asdict`, which copies each value deeply: every submission asks for two digests.
ASK_NAMES = tuple(one.name for one in fields(Ask))


def _stored(ask: Ask) -> dict[str, object]:
    """Return one ask as a form stores it; what came later is left out where empty, so old digests hold."""
    stored: dict[str, object] = {name: getattr(ask, name) for name in ASK_NAMES}
    stored["options"] = list(ask.options)
    if not ask.heads:
        del stored["heads"]
    return stored


class DesignJSON(TypedDict):
    """A design as a version of a form stores it."""

    parts: list[str]
    modes: list[str]
    n_attachments: int
    asks: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Design:
    """All that a form asks: its parts, modes to choose from, files at least, and indicators in order."""

    parts: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()
    n_attachments: int = 0
    asks: tuple[Ask, ...] = ()

    def shows(self, part: Part) -> bool:
        """Say whether the form has this part."""
        return part.value in self.parts

    def as_json(self) -> DesignJSON:
        """Return the design as it is stored."""
        asks = [_stored(ask) for ask in self.asks]
        return {
            "parts": sorted(self.parts),
            "modes": list(self.modes),
            "n_attachments": self.n_attachments,
            "asks": asks,
        }

    @classmethod
    def of(cls, stored: DesignJSON) -> Design:
        """Return the design that was stored."""
        asks = (Ask(**{**ask, "options": tuple(ask["options"])}) for ask in stored["asks"])  # type: ignore[arg-type]
        return cls(
            parts=frozenset(stored["parts"]),
            modes=tuple(stored["modes"]),
            n_attachments=stored["n_attachments"],
            asks=tuple(asks),
        )

    @property
    def digest(self) -> str:
        """Return what tells this design from every other one, 64 hexadecimal digits."""
        plain = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()
