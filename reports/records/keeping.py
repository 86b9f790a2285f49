"""Keep what has been typed and not been sent, so that no closed tab and no ended session loses it.

Nothing here is a deed on a record: no step, no audit row, and only the person's own rows.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.designing import design_of
from reports.campaigns.models import ActivityType, Campaign
from reports.records.content import Content
from reports.records.forms import build
from reports.records.models import ActivityRecord, WorkingCopy
from reports.records.typed import Fields, Typed, plain
from units import scope
from units.models import Account, Unit
from units.rules import RuleError

KEPT_FOR = dt.timedelta(days=30)
# Nobody has so many forms open; a script gone wild stops here.
MOST_COPIES = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one save: `copy` is None where the record holds the very same already.

    `sequence` is the last one known of the tab; `n_others` counts other tabs' copies that differ.
    """

    copy: WorkingCopy | None
    sequence: int
    n_others: int


@transaction.atomic
def keep(typed: Typed, *, actor: Account, sequence: int) -> Kept:
    """Keep what stands in one tab's form; an older save than the last one changes nothing.

    Raises: RuleError `not_yours` where the form is about nothing that the person reports on, `full`.
    Queries: at most ten.
    """
    unit, activity_type, record = _about(typed, actor)
    own = WorkingCopy.objects.filter(person=actor, key=typed.key)
    if _is_stored(typed, activity_type, actor, record) or _is_blank(typed):
        _forget(own, typed)
        return Kept(None, sequence, 0)
    told: dict[str, object] = {
        "fields": typed.fields,
        "version": typed.version,
        "sequence": sequence,
        "saved_at": timezone.now(),
    }
    if not own.filter(tab=typed.tab, sequence__lt=sequence).update(**told):
        if WorkingCopy.objects.filter(person=actor).count() >= MOST_COPIES:
            raise RuleError("full", _("You have too many unsent forms; send or drop some on the start page."))
        about = {"unit": unit, "activity_type": activity_type, "record": record}
        own.get_or_create(person=actor, key=typed.key, tab=typed.tab, defaults=about | told)
    _take_up(typed, actor)
    copy = own.get(tab=typed.tab)
    others = own.exclude(pk=copy.pk).values_list("fields", flat=True)
    return Kept(copy, copy.sequence, sum(plain(other) != plain(copy.fields) for other in others))


def keep_posted(posted: QueryDict, *, actor: Account) -> Kept | None:
    """Keep a form as it was posted and not stored; None where there is nothing to keep of it."""
    try:
        typed = Typed.of(dict(posted.lists()))
        return keep(typed, actor=actor, sequence=int(time.time() * 1000))
    except RuleError:
        return None


def forget_posted(posted: QueryDict, *, actor: Account) -> None:
    """Drop the copies of a form that has just been stored; what differs in another tab stays."""
    try:
        typed = Typed.of(dict(posted.lists()))
    except RuleError:
        return
    own = WorkingCopy.objects.filter(person=actor, key=typed.key)
    _take_up(typed, actor)
    _forget(own, typed)


def drop(copy: WorkingCopy) -> None:
    """Throw a copy away."""
    copy.delete()


def expire(now: dt.datetime) -> int:
    """Drop what nobody came back to for 30 days; return how many."""
    return WorkingCopy.objects.filter(saved_at__lt=now - KEPT_FOR).delete()[0]


def unsent(person: Account, unit: Unit, campaign: Campaign) -> list[WorkingCopy]:
    """Return a person's unsent forms for a unit, the latest first, equal ones once. Queries: one."""
    rows = WorkingCopy.objects.filter(person=person, unit=unit, activity_type__campaign=campaign)
    return _different(rows.select_related("activity_type"))


def unsent_of(
    person: Account, unit: Unit, activity_type: ActivityType, record: ActivityRecord | None
) -> list[WorkingCopy]:
    """Return the unsent copies of one form, the latest first, equal ones once. Queries: one."""
    rows = WorkingCopy.objects.filter(person=person)
    if record is None:
        rows = rows.filter(unit=unit, activity_type=activity_type, record=None)
    else:
        # A copy of the form that made the record knows it by its key alone.
        rows = rows.filter(key=record.key)
    return _different(rows.select_related("activity_type", "record"))


def record_of(copy: WorkingCopy) -> ActivityRecord | None:
    """Return the record that a copy is about, also where its form made the record since. Queries: one."""
    if copy.record_id is not None:
        return copy.record
    return ActivityRecord.objects.filter(author=copy.person_id, key=copy.key).first()


def initial_of_copy(copy: WorkingCopy) -> dict[str, object]:
    """Return what was typed as the initial values of a form, valid or not."""
    typed: dict[str, object] = {
        name: values if len(values) > 1 else (values or [""])[0] for name, values in copy.fields.items()
    }
    return typed | {"key": copy.key, "version": copy.version, "tab": uuid.uuid4(), "taken_up": taken_up(copy)}


def posted_of(copy: WorkingCopy) -> dict[str, str]:
    """Return what was typed as a form would be posted."""
    return _posted(copy.fields, copy.key)


def taken_up(copy: WorkingCopy) -> str:
    """Return how a form says that it was opened with this copy."""
    return f"{copy.pk}:{copy.sequence}"


def _about(typed: Typed, actor: Account) -> tuple[Unit, ActivityType, ActivityRecord | None]:
    """Return what the form is about. Raises: RuleError `not_yours`."""
    unit = scope.units(actor, scope.REPORT).filter(pk=typed.unit).first()
    activity_type = ActivityType.objects.filter(pk=typed.activity_type).first()
    record = None
    if typed.record is not None:
        record = ActivityRecord.objects.filter(pk=typed.record, unit=unit, key=typed.key).first()
    if unit is None or activity_type is None or (typed.record is not None and record is None):
        raise RuleError("not_yours", _("This form is not one of yours."))
    return unit, activity_type, record


def _is_stored(
    typed: Typed, activity_type: ActivityType, actor: Account, record: ActivityRecord | None
) -> bool:
    """Say whether the record behind the form holds the same already."""
    stored = record or ActivityRecord.objects.filter(author=actor, key=typed.key).first()
    if stored is None:
        return False
    form = build(design_of(activity_type))(_posted(typed.fields, typed.key))
    if not form.is_valid():
        return False
    told, kept = form.content(), Content.of(stored)
    if not stored.is_editable:
        # A submission has let go of the explanations of what was no longer in doubt.
        told = replace(told, reasons={key: why for key, why in told.reasons.items() if key in kept.reasons})
    return told == kept


def _posted(fields: Fields, key: uuid.UUID) -> dict[str, str]:
    """Return fields as one value each, with the key of their form."""
    return {name: (values or [""])[-1] for name, values in fields.items()} | {"key": str(key)}


def _is_blank(typed: Typed) -> bool:
    """Say whether nothing stands in a new form but the day that the page itself had put there."""
    return typed.record is None and plain(typed.fields).keys() <= {"held_on"}


def _forget(own: QuerySet[WorkingCopy], typed: Typed) -> None:
    """Drop the tab's own copy and those that hold the same."""
    same = [
        pk
        for pk, tab, fields in own.values_list("pk", "tab", "fields")
        if tab == typed.tab or plain(fields) == plain(typed.fields)
    ]
    if same:
        WorkingCopy.objects.filter(pk__in=same).delete()


def _take_up(typed: Typed, actor: Account) -> None:
    """Drop the copy that the tab was opened with, unless its own tab has gone on writing."""
    if typed.taken_up is not None:
        pk, sequence = typed.taken_up
        former = WorkingCopy.objects.filter(person=actor, pk=pk, sequence=sequence, key=typed.key)
        former.exclude(tab=typed.tab).delete()


def _different(rows: Iterable[WorkingCopy]) -> list[WorkingCopy]:
    """Return the copies without those that hold the same as a later one of their form."""
    found: list[WorkingCopy] = []
    for copy in rows:
        if not any(copy.key == other.key and plain(copy.fields) == plain(other.fields) for other in found):
            found.append(copy)
    return found
