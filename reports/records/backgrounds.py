"""Look up what soft rules hold a content against; for one record or for a whole ledger."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import NamedTuple

from reports.campaigns.designs import Design, Heads
from reports.records.content import Content
from reports.records.doubts import Background, Doubt, doubts
from reports.records.models import ActivityRecord
from reports.records.querysets import RecordQuerySet
from reports.records.states import Status
from units.models import Unit

# Of the unit's latest records of the type so many say what is usual, and fewer than that say nothing.
MOST_RECORDS, LEAST_RECORDS = 12, 3
# What a reviewer has before them; a draft is nobody else's affair, and a returned record may be wrong.
HANDED_IN = (Status.SUBMITTED.value, Status.APPROVED.value)
CHUNK = 500
TWIN_COLUMNS = ("activity_type_id", "held_on", "title", "place", "unit_id", "unit__name", "event__host_id")

Place = tuple[int, dt.date, str, str]
Habits = dict[tuple[int, int], Mapping[str, int]]


class Twin(NamedTuple):
    """Another unit's same activity: the unit, its name, and the host of the event that it has joined."""

    unit: int
    name: str
    host: int | None


@dataclass(frozen=True, slots=True)
class Case:
    """One content to judge: whose it is, of which type, on which form; `pk` of its record if it has one.

    `is_joint`: its record is part of a joint event.
    """

    unit: Unit
    activity_type_id: int
    content: Content
    design: Design
    pk: int | None = None
    is_joint: bool = False

    @property
    def place(self) -> Place | None:
        """Return what a twin has in common with it; None where it says too little, or is a joint event."""
        content = self.content
        if self.is_joint or not content.title or not content.place:
            return None
        return self.activity_type_id, content.held_on, content.title, content.place


def doubts_about(cases: Sequence[Case]) -> list[list[Doubt]]:
    """Return what needs an explanation, case by case in their order.

    Queries: one per unit and type among them, and one per 500 titles.
    """
    twins, usual = _twins(cases), _habits(cases)
    return [
        doubts(
            case.content,
            case.design,
            Background(
                usual=usual[case.unit.pk, case.activity_type_id],
                heads=heads_of(case.unit),
                twins=_others(_at(twins, case), case.unit),
            ),
        )
        for case in cases
    ]


def heads_of(unit: Unit) -> dict[str, int]:
    """Return how many a unit has, as far as they were counted."""
    known = {
        Heads.STAFF.value: unit.n_staff,
        Heads.PARTY_MEMBERS.value: unit.n_party_members,
        Heads.STUDENTS.value: unit.n_students,
    }
    heads = {group: number for group, number in known.items() if number is not None}
    if unit.n_staff is not None:
        heads[Heads.EVERYBODY.value] = unit.n_staff + (unit.n_students or 0)
    return heads


def usual_values(unit_id: int, activity_type_id: int, but: Iterable[int] = ()) -> dict[str, int]:
    """Return the median of each number over the unit's latest records of a type. Queries: one.

    Only what three records at least have entered. The lower of two middle values, so that it was once true.
    """
    records = ActivityRecord.objects.filter(
        unit=unit_id, activity_type=activity_type_id, status__in=HANDED_IN
    ).exclude(pk__in=list(but))
    entered: defaultdict[str, list[int]] = defaultdict(list)
    for values in records.latest_first().values_list("values", flat=True)[:MOST_RECORDS]:
        for code, value in values.items():
            entered[code].append(value)
    return {code: median_low(some) for code, some in entered.items() if len(some) >= LEAST_RECORDS}


def _habits(cases: Sequence[Case]) -> Habits:
    """Return the usual numbers by unit and type; a record that is judged again says nothing about itself."""
    own: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for case in cases:
        own[case.unit.pk, case.activity_type_id] |= {case.pk} if case.pk else set()
    return {(unit, kind): usual_values(unit, kind, but) for (unit, kind), but in own.items()}


def _others(twins: Iterable[Twin], unit: Unit) -> tuple[str, ...]:
    """Return the names of the other units, without those that have joined an event of this unit."""
    return tuple(twin.name for twin in twins if unit.pk not in {twin.unit, twin.host})


def _twins(cases: Sequence[Case]) -> Mapping[Place, list[Twin]]:
    """Return the units that have handed in an activity, by type, day, title and place of a case."""
    found: defaultdict[Place, list[Twin]] = defaultdict(list)
    for rows in _first_alike(cases[0]) if len(cases) == 1 else _all_alike(cases):
        for *place, unit, name, host in rows.values_list(*TWIN_COLUMNS):
            found[tuple(place)].append(Twin(unit, name, host))
    return found


def _all_alike(cases: Sequence[Case]) -> Iterator[RecordQuerySet]:
    """Yield the records of the cases' days and titles, some titles at a time."""
    wanted = {place for case in cases if (place := case.place) is not None}
    days, titles = {place[1] for place in wanted}, sorted({place[2] for place in wanted})
    for start in range(0, len(titles), CHUNK):
        rows = ActivityRecord.objects.filter(held_on__in=days, title__in=titles[start : start + CHUNK])
        yield rows.filter(status__in=HANDED_IN).order_by("pk")


def _first_alike(case: Case) -> Iterator[RecordQuerySet]:
    """Yield the first record of another unit that is like the case's, and not in an event of its unit.

    One row, for on the day of a great event thousands of records bear the same title.
    """
    if case.place is not None:
        kind, day, title, where = case.place
        alike = ActivityRecord.objects.filter(activity_type=kind, held_on=day, title=title, place=where)
        others = alike.exclude(unit=case.unit).exclude(event__host=case.unit)
        yield others.filter(status__in=HANDED_IN).order_by("pk")[:1]


def _at(twins: Mapping[Place, list[Twin]], case: Case) -> list[Twin]:
    """Return the units that have an activity at the case's place."""
    return twins.get(case.place, []) if case.place is not None else []
