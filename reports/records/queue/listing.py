"""The list of the queue: whose rows, in which order, page by page by keyset."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Count, Q

from reports.records.models import ActivityRecord, Transition
from reports.records.numbers import Number, numbers_on_form
from reports.records.querysets import RecordQuerySet
from reports.records.queue.asked import ALL, Asked
from reports.records.reviewing import waiting_for
from reports.records.states import Status, Verb
from units.models import Account
from units.scope import Reach

PAGE_SIZE = 50
# Counted no further: a count grows with what waits, and nobody clears more in a day.
MOST_COUNTED = 1000
LAST = "last"
# What stands in the column of the order, and the number of a record.
PLACE = re.compile(r"([0-9T:.+-]{10,40})_([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the person, how far they review, and how far they may read."""

    person: Account
    review: Reach
    seen: Reach


@dataclass(frozen=True, slots=True)
class Line:
    """One record as the list shows it; `n_rounds` is how often it was submitted."""

    record: ActivityRecord
    numbers: list[Number]
    n_rounds: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `before` and `after` are the places beyond which the others begin, empty where none is."""

    lines: list[Line]
    before: str
    after: str

    @property
    def numbers(self) -> set[int]:
        """Return the numbers of the records on the page."""
        return {line.record.pk for line in self.lines}


def rows_of(asked: Asked, viewer: Viewer) -> RecordQuerySet:
    """Return what a person is shown under what they asked for, in the order of the list."""
    return asked.narrowed(_begun(asked, viewer), viewer.person)


def counted(rows: RecordQuerySet) -> int:
    """Return how many rows there are, counted to one more than MOST_COUNTED. Queries: one."""
    return rows.order_by()[: MOST_COUNTED + 1].count()


def page_of(asked: Asked, viewer: Viewer, place: str = "", *, around: ActivityRecord | None = None) -> Page:
    """Return the page behind a place (“>…”), before it (“<…”), the last one, or the one with a record.

    Queries: one, and one for the rounds of those that came back; one more where `around` is not on the
    page that was asked for.
    """
    rows = rows_of(asked, viewer).with_lines()
    found = _cut(rows, asked, place)
    missing = around is not None and around.pk not in found.numbers
    if missing and around is not None and (not asked.is_queue or around.state is Status.SUBMITTED):
        return _cut(rows, asked, ">" + place_of(around, asked), is_from=True)
    return found


def place_of(record: ActivityRecord, asked: Asked) -> str:
    """Return where a record stands in the order of the list."""
    value = record.submitted_at if asked.is_queue else record.held_on
    return f"{value.isoformat() if value else ''}_{record.pk}"


def _begun(asked: Asked, viewer: Viewer) -> RecordQuerySet:
    """Return the rows of the status in their order; what waits is what waits for this very reviewer."""
    if asked.is_queue and not viewer.review.is_empty:
        return waiting_for(viewer.person, viewer.review)
    within = ActivityRecord.objects.filter(viewer.seen.condition("unit__path"))
    if asked.status == ALL:
        return within.filter(submitted_at__isnull=False).exclude(status=Status.DRAFT).latest_first()
    rows = within.filter(status=asked.status, submitted_at__isnull=False)
    return rows.order_by("submitted_at", "id") if asked.is_queue else rows.latest_first()


def _cut(rows: RecordQuerySet, asked: Asked, place: str, *, is_from: bool = False) -> Page:
    """Return one page out of all rows."""
    way, written = place[:1], place[1:]
    condition = _condition(asked, way, written, is_from=is_from)
    is_back = place == LAST or (way == "<" and condition is not None)
    sought = rows if condition is None else rows.filter(condition)
    found = list((sought.reverse() if is_back else sought)[: PAGE_SIZE + 1])
    is_more, shown = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    shown = shown[::-1] if is_back else shown
    has_before = is_more if is_back else condition is not None
    has_after = (place != LAST) if is_back else is_more
    return Page(
        lines=_lines(shown),
        before="<" + place_of(shown[0], asked) if shown and has_before else "",
        after=">" + place_of(shown[-1], asked) if shown and has_after else "",
    )


def _condition(asked: Asked, way: str, written: str, *, is_from: bool) -> Q | None:
    """Return the condition "stands behind (before) this place"; None for what is no place.

    The column alone first: by it the index finds where to begin, which it would not by the OR.
    """
    match = PLACE.fullmatch(written)
    if match is None or way not in {"<", ">"}:
        return None
    try:
        value = dt.datetime.fromisoformat(match[1]) if asked.is_queue else dt.date.fromisoformat(match[1])
    except ValueError:
        return None
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return None
    column = "submitted_at" if asked.is_queue else "held_on"
    side = "gt" if (way == ">") == asked.is_queue else "lt"
    own = f"pk__{side}e" if is_from else f"pk__{side}"
    within = Q(**{f"{column}__{side}e": value})
    return within & (Q(**{f"{column}__{side}": value}) | Q(**{own: int(match[2])}))


def _lines(records: list[ActivityRecord]) -> list[Line]:
    """Return the lines of a page."""
    again = [record.pk for record in records if record.came_back]
    n_rounds = rounds_of(again) if again else {}
    return [Line(record, numbers_on_form(record), n_rounds.get(record.pk, 1)) for record in records]


def rounds_of(ids: list[int]) -> dict[int, int]:
    """Return how often each of some records was submitted. Queries: one."""
    steps = Transition.objects.filter(record__in=ids, verb=Verb.SUBMIT).order_by()
    return dict(steps.values_list("record").annotate(n=Count("pk")))
