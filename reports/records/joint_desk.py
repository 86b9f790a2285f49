"""What people see of joint events: those to join, and who has joined."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from reports.campaigns.models import Campaign
from reports.records.models import ActivityRecord, CoHost, JointEvent
from reports.records.numbers import Number, numbers_of
from reports.records.states import Status
from units import scope
from units.models import Unit

# Of an event for all units a page shows the first ones, and says how many there are.
MOST_COMPANIONS = 50
MOST_EVENTS = 12


@dataclass(frozen=True, slots=True)
class Companion:
    """One record of the same event; without numbers and status where the reader may not see them."""

    record: ActivityRecord
    is_seen: bool
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Company:
    """A record's event: who else has joined, and whether what counts once is counted yet."""

    event: JointEvent
    companions: list[Companion]
    n_records: int
    is_counted: bool


def joinable(campaign: Campaign, unit: Unit) -> list[JointEvent]:
    """Return the events that a unit may add its record to and has not, the latest first. Queries: one."""
    named = CoHost.objects.filter(unit=unit).values("event")
    joined = ActivityRecord.objects.of_unit(unit).filter(event__isnull=False).values("event")
    events = JointEvent.objects.filter(
        Q(is_for_all=True) | Q(host=unit) | Q(pk__in=named),
        activity_type__campaign=campaign,
        activity_type__is_retired=False,
        is_open=True,
    )
    found = events.exclude(pk__in=joined).select_related("host", "activity_type").order_by("-held_on", "-id")
    return [event for event in found[:MOST_EVENTS] if unit.is_open_on(event.held_on)]


def company_of(record: ActivityRecord, user: scope.Person) -> Company | None:
    """Return the companions of a record, the host first; None where it is part of no joint event.

    What somebody else's record says is told as far as the reader may see it; a draft of another unit is
    not told of at all. Queries: four.
    """
    event = record.event
    if event is None:
        return None
    rows = ActivityRecord.objects.filter(event=event).exclude(status=Status.VOID)
    seen = rows.visible_to(user)
    told = rows.filter(Q(pk__in=seen.values("pk")) | ~Q(status__in=[Status.DRAFT, Status.RETURNED]))
    shown = told.exclude(pk=record.pk).with_names().with_indicators()
    shown = shown.order_by("-is_hosting", "unit__path")[:MOST_COMPANIONS]
    visible = set(seen.filter(pk__in=[one.pk for one in shown]).values_list("pk", flat=True))
    companions = [_companion(one, is_seen=one.pk in visible) for one in shown]
    is_counted = rows.filter(is_hosting=True, status=Status.APPROVED).exists()
    return Company(event, companions, told.count(), is_counted)


def _companion(record: ActivityRecord, *, is_seen: bool) -> Companion:
    """Return one companion, with what may be told of it."""
    numbers = [number for number in numbers_of(record) if number.shown] if is_seen else []
    return Companion(record, is_seen, numbers)
