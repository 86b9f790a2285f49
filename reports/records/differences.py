"""What a round changed: two submitted contents held against each other, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reports.campaigns.designs import Ask
from reports.records.asked import entry_shown
from reports.records.explaining import stored_doubts
from reports.records.rewording import Piece, pieces

Stored = dict[str, object]

FIELD_NAMES: dict[str, str | Promise] = {
    "held_on": _("day"),
    "title": _("title"),
    "place": _("place"),
    "speaker": _("speaker"),
    "mode": _("how it was done"),
    "topic": _("topic"),
    "tags": _("tags"),
    "text": _("text"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a new round changed."""

    label: str
    was: str
    became: str

    @property
    def pieces(self) -> list[Piece]:
        """Return what was taken out and what was put in, in reading order."""
        return pieces(self.was, self.became)


def differences(was: Stored, became: Stored, asks: Iterable[Ask]) -> Iterator[Difference]:
    """Yield the fields, then the entries, in which two contents differ; both as a step keeps them."""
    for name, label in FIELD_NAMES.items():
        if was.get(name) != became.get(name):
            yield Difference(str(label), _shown(was.get(name)), _shown(became.get(name)))
    if was.get("files", []) != became.get("files", []):
        old, new = _files(was), _files(became)
        yield Difference(gettext("photos and files"), old, new)
    for ask in asks:
        old, new = _entry(was, ask), _entry(became, ask)
        if old != new:
            yield Difference(ask.name, old, new)
    yield from _explanations(was, became)


def _explanations(was: Stored, became: Stored) -> Iterator[Difference]:
    """Yield the explanations that came, went or were written anew, each under what was doubtful."""
    old, new = _reasons(was), _reasons(became)
    for message in dict.fromkeys([*old, *new]):
        if old.get(message) != new.get(message):
            yield Difference(message, old.get(message, ""), new.get(message, ""))


def _reasons(content: Stored) -> dict[str, str]:
    """Return the explanations of a content by what was said about it."""
    doubts, reasons = content.get("doubts"), content.get("reasons")
    if not isinstance(doubts, list) or not isinstance(reasons, dict):
        return {}
    return {doubt.message: str(reasons.get(doubt.key, "")) for doubt in stored_doubts(doubts)}


def _shown(value: object) -> str:
    """Return a stored field as people read it; empty for none."""
    if isinstance(value, list):
        return "，".join(str(one) for one in value)
    return str(value or "")


def _files(content: Stored) -> str:
    """Return the names of a content's files, each with the beginning of its hash: names may stay the same."""
    files = content.get("files")
    listed = files if isinstance(files, list) else []
    return "，".join(f"{name} ({sha256[:6]})" for name, sha256 in listed)


def _entry(content: Stored, ask: Ask) -> str:
    """Return what a content holds for one indicator, as people read it."""
    held = content.get("values" if ask.is_counted else "answers")
    found = held.get(ask.code) if isinstance(held, dict) else None
    if isinstance(found, str):
        return entry_shown(ask, None, found)
    return entry_shown(ask, found if isinstance(found, int) else None, "")
