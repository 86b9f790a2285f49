"""What a reviewer asks the queue for, read from an address and written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from django.db.models import F, Q
from django.http import QueryDict

from reports.records.querysets import RecordQuerySet
from reports.records.states import Status
from reports.records.words import LONGEST_WORDS, matching
from units.models import Account
from units.texts import tidy_line

ALL = "all"
ME, NOBODY = "me", "nobody"
STATUSES = (Status.SUBMITTED.value, Status.APPROVED.value, Status.RETURNED.value, Status.VOID.value, ALL)
# Each column that holds a number, by its name in the address.
COLUMNS = {
    "campaign": "period__campaign",
    "type": "activity_type",
    "week": "period",
    "kind": "unit__kind",
    "unit": "unit",
}
NUMBERS = (*COLUMNS, "team")
EXPLAINED, SECOND, AGAIN = "explained", "second", "again"
MARKS = {
    EXPLAINED: ~Q(reasons={}),
    SECOND: Q(endorsed_by__isnull=False),
    AGAIN: Q(first_submitted_at__lt=F("submitted_at")),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed down to; empty and 0 mean everything, nonsense was dropped."""

    status: str = Status.SUBMITTED.value
    campaign: int = 0
    type: int = 0
    week: int = 0
    kind: int = 0
    unit: int = 0
    team: int = 0
    assigned: str = ""
    mark: str = ""
    words: str = ""

    @property
    def is_queue(self) -> bool:
        """Say whether it is what waits for review."""
        return self.status == Status.SUBMITTED

    @property
    def narrows(self) -> bool:
        """Say whether anything but the status was asked for."""
        return self != Asked(status=self.status)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return what a search keeps beside its words, as a form's hidden fields."""
        return parse_qsl(self.query(words=""))

    def query(self, **changed: object) -> str:
        """Return what is asked for, with changes, as an address holds it; empty for the whole queue."""
        other, plain = replace(self, **changed), Asked()  # type: ignore[arg-type]
        held = {name: getattr(other, name) for name in Asked.__slots__}
        held = {name: value for name, value in held.items() if value != getattr(plain, name)}
        if "words" in held:
            held["q"] = held.pop("words")
        return urlencode(held)

    def narrowed(self, rows: RecordQuerySet, person: Account) -> RecordQuerySet:
        """Keep what is asked for but the status, which the list itself begins with."""
        wanted = {column: getattr(self, name) for name, column in COLUMNS.items() if getattr(self, name)}
        found = rows.filter(**wanted)
        if self.assigned:
            found = found.filter(assigned_to=person if self.assigned == ME else None)
        if self.mark:
            found = found.filter(MARKS[self.mark])
        if self.team:
            found = found.covered_by(self.team)
        return matching(found, self.words, with_units=True) if self.words else found


def read(data: Mapping[str, str]) -> Asked:
    """Return what an address asks for."""
    status = data.get("status", "")
    return Asked(
        status=status if status in STATUSES else Status.SUBMITTED.value,
        assigned=_one_of(data.get("assigned", ""), (ME, NOBODY)),
        mark=_one_of(data.get("mark", ""), tuple(MARKS)),
        words=tidy_line(data.get("q", ""))[:LONGEST_WORDS],
        **{name: _number(data.get(name, "")) for name in NUMBERS},
    )


def read_query(query: str) -> Asked:
    """Return what the part of an address behind its question mark asks for."""
    return read(QueryDict(query).dict())


def _number(written: str) -> int:
    """Return a row's number; 0 for what is none."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0


def _one_of(written: str, known: tuple[str, ...]) -> str:
    """Return a known word; empty for any other."""
    return written if written in known else ""
