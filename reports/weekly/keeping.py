"""What has been typed about a report and not been filed: kept for its person alone, until it is filed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from reports.weekly.models import ReportDraft, WeeklyReport
from units.models import Account
from units.rules import RuleError
from units.texts import tidy

TYPED = ("progress", "highlights", "problems", "plan")
# A form that is four times too long is still kept, so that it can be cut.
LONGEST = 100_000
KEPT_FOR = dt.timedelta(days=30)
NO_FORM = "This is no form of ours."


@dataclass(frozen=True, slots=True)
class Typed:
    """What a script told of a form: who was signed in, the how many-th save, what stands in the fields."""

    person: int
    sequence: int
    fields: dict[str, str]

    @classmethod
    def of_json(cls, body: bytes) -> Typed:
        """Return what was sent. Raises: RuleError `unreadable`, `too_long`."""
        if len(body) > LONGEST * 4:
            raise RuleError("too_long", "This is longer than any form.")
        try:
            told = json.loads(body)
            person, sequence = int(told["person"]), int(told["sequence"])
            fields = {name: tidy(str(told["fields"].get(name, [""])[-1])) for name in TYPED}
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise RuleError("unreadable", NO_FORM) from error
        if not 0 <= sequence < 2**53:
            raise RuleError("unreadable", NO_FORM)
        if sum(map(len, fields.values())) > LONGEST:
            raise RuleError("too_long", "This is longer than any form.")
        return cls(person, sequence, fields)


@transaction.atomic
def keep(report: WeeklyReport, typed: Typed, *, actor: Account) -> ReportDraft | None:
    """Keep what stands in the form of a report; a save that was overtaken on its way changes nothing.

    None where it is what the report holds already, or nothing at all.
    """
    own = ReportDraft.objects.filter(person=actor, report=report)
    if is_stored(report, typed.fields):
        own.filter(sequence__lt=typed.sequence).delete()
        return None
    told: dict[str, object] = {
        "fields": typed.fields,
        "sequence": typed.sequence,
        "saved_at": timezone.now(),
    }
    if not own.filter(sequence__lt=typed.sequence).update(**told):
        ReportDraft.objects.get_or_create(person=actor, report=report, defaults=told)
    return own.get()


def draft_of(report: WeeklyReport, person: object) -> ReportDraft | None:
    """Return what a person has typed about a report and not filed. Queries: one."""
    if not isinstance(person, Account):
        return None
    draft: ReportDraft | None = ReportDraft.objects.filter(person=person, report=report).first()
    return draft if draft is not None and not is_stored(report, draft.fields) else None


def is_stored(report: WeeklyReport, fields: Mapping[str, str]) -> bool:
    """Say whether a report holds these texts already; an untouched form of a new one holds nothing."""
    return all(getattr(report, name) == fields.get(name, "").strip() for name in TYPED)


def forget_filed(report: WeeklyReport, *, actor: Account) -> None:
    """Drop the person's own copy of a report that they have just filed."""
    ReportDraft.objects.filter(person=actor, report=report).delete()


def drop(report: WeeklyReport, *, actor: Account) -> None:
    """Throw away what a person has typed about a report."""
    ReportDraft.objects.filter(person=actor, report=report).delete()


def expire(now: dt.datetime) -> int:
    """Drop what nobody came back to for 30 days; return how many."""
    return ReportDraft.objects.filter(saved_at__lt=now - KEPT_FOR).delete()[0]
