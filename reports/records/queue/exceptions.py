"""What stands out among many records that are to be decided at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.records.explaining import doubts_of
from reports.records.judging import approval_of
from reports.records.models import ActivityRecord
from reports.records.states import Status, Verb

# What another record may be a copy of; a draft is nobody's affair, and a returned one may be the reason.
HANDED_IN = (Status.SUBMITTED.value, Status.APPROVED.value)
CHUNK = 500

Same = tuple[dt.date, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One record with what stands out about it; `concerns` is empty for an ordinary one."""

    record: ActivityRecord
    concerns: list[str]


@dataclass(frozen=True, slots=True)
class Other:
    """A stored record of the same day and title."""

    pk: int
    unit: int
    activity_type: int
    place: str
    unit_name: str


def candidates_of(records: Iterable[ActivityRecord], verb: Verb) -> list[Candidate]:
    """Return the records with their concerns, those that have any first, else in their order.

    Queries: one per 500 titles.
    """
    listed = list(records)
    others = _others(listed)
    found = [Candidate(record, concerns_of(record, others, verb)) for record in listed]
    return sorted(found, key=lambda candidate: not candidate.concerns)


def concerns_of(record: ActivityRecord, others: dict[Same, list[Other]], verb: Verb) -> list[str]:
    """Return what a reviewer should look at before they decide on this record among many."""
    concerns = [f"{doubt.message} {doubt.explanation}".strip() for doubt in doubts_of(record)]
    concerns += _twins(record, others.get((record.held_on, record.title), []))
    if verb is Verb.APPROVE and approval_of(record) is Verb.ENDORSE:
        concerns.append(_("Needs a second review; yours is the first."))
    return concerns


def _twins(record: ActivityRecord, others: list[Other]) -> list[str]:
    """Return what may be the same activity a second time: the unit's own, or another unit's at its place."""
    found = []
    for other in others:
        if other.pk == record.pk or not record.title:
            continue
        if other.unit == record.unit_id and other.activity_type == record.activity_type_id:
            found.append(
                _("The unit has another record of this type, day and title (no. %(pk)s).") % {"pk": other.pk}
            )
        elif other.unit != record.unit_id and record.place and other.place == record.place:
            found.append(
                _("%(unit)s has a record of this title, day and place (no. %(pk)s).")
                % {"unit": other.unit_name, "pk": other.pk}
            )
    return found[:3]


def _others(records: list[ActivityRecord]) -> dict[Same, list[Other]]:
    """Return what is handed in of the days and titles of some records."""
    titles, days = sorted({record.title for record in records}), {record.held_on for record in records}
    found: defaultdict[Same, list[Other]] = defaultdict(list)
    for start in range(0, len(titles), CHUNK):
        rows = ActivityRecord.objects.filter(
            held_on__in=days, title__in=titles[start : start + CHUNK], status__in=HANDED_IN
        )
        columns = ("held_on", "title", "pk", "unit_id", "activity_type_id", "place", "unit__name")
        for day, title, *facts in rows.order_by("pk").values_list(*columns):
            found[day, title].append(Other(*facts))
    return found
