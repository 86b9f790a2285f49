"""Tell who handed something in that it was sent back, why, and where to go on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import OuterRef, Subquery
from django.utils.translation import ngettext

from reports.campaigns.models import Campaign
from reports.digests.letters import SpeakingTo, letter
from reports.digests.posting import merged, post
from reports.records.models import Transition
from reports.records.states import NEEDS_REASON, Status
from reports.weekly.models import ReportStep, Step
from units.models import Account, Mail

# The returns of these minutes go into one mail; it is written once no verb can still be adding to them.
SLOT = dt.timedelta(minutes=5)
SETTLES = dt.timedelta(minutes=1)
# After an outage of this length, the weekly digest tells the rest.
STAYS_NEWS = dt.timedelta(days=2)

HANDED_IN = (Step.FILE, Step.ZERO)
SENT_BACK = (Step.RETURN, Step.REOPEN)


@dataclass(frozen=True, slots=True)
class SentBack:
    """One record or report that was sent back: its step's number, to whom, at which moment, and why.

    `page` is the name of the address that shows the object with the number `pk`.
    """

    step: str
    person: Account
    at: dt.datetime
    campaign: Campaign
    name: str
    reason: str
    page: str
    pk: int


def ensure_return_mails(*, now: dt.datetime) -> int:
    """Queue the mails about what was sent back; return how many are new. Nobody can unsubscribe from these.

    The steps are the truth: a mail is written once per person and five minutes, however often this runs,
    and only about what is still sent back then. Queries: three where nothing was.
    """
    last = _slot_of(now - SETTLES)
    found: defaultdict[tuple[int, int], list[SentBack]] = defaultdict(list)
    for one in (*_records(now - STAYS_NEWS), *_reports(now - STAYS_NEWS)):
        if _slot_of(one.at) < last:
            found[one.person.pk, _slot_of(one.at)].append(one)
    return post(merged(_plan(slot, those) for (_pk, slot), those in found.items()))


def _slot_of(moment: dt.datetime) -> int:
    """Return the number of the five minutes in which a moment lies."""
    return int(moment.timestamp() // SLOT.total_seconds())


def _plan(slot: int, those: list[SentBack]) -> tuple[str, partial[Mail]]:
    """Return the plan of the mail of one person's returns of one slot.

    The last step is part of the key: where the clock was set back and more returns fall into minutes that
    were told about, they are told again and not lost.
    """
    person = those[0].person
    key = f"returned:{person.pk}:{slot}:{max(one.step for one in those)}"
    return key, partial(_letter, person, those, key)


def _letter(person: Account, those: list[SentBack], key: str) -> Mail:
    """Return the mail in the reader's language."""
    with SpeakingTo(person.language, those[0].campaign.zone):
        counted = ngettext(
            "Returned for revision: %(first)s", "%(count)d returned for revision: %(first)s …", len(those)
        )
        subject = counted % {"first": those[0].name, "count": len(those)}
        facts = {"campaign": those[0].campaign, "those": those}
        return letter("returned", person, key=key, subject=subject, facts=facts)


def _records(since: dt.datetime) -> Iterator[SentBack]:
    """Yield the records that were sent back since and still are, each by its last return."""
    rows = Transition.objects.filter(
        verb__in=NEEDS_REASON,
        at__gte=since,
        record__status=Status.RETURNED,
        record__submitted_by__is_active=True,
    ).exclude(record__submitted_by__email="")
    related = ("record__submitted_by", "record__activity_type", "record__period__campaign")
    latest = {row.record_id: row for row in rows.select_related(*related).order_by("id")}
    for row in latest.values():
        record = row.record
        if record.submitted_by is not None and row.actor_id != record.submitted_by_id:
            name = record.title or record.activity_type.name
            page = "records:record-detail"
            campaign = record.period.campaign
            yield SentBack(
                f"r{row.pk}", record.submitted_by, row.at, campaign, name, row.note, page, record.pk
            )


def _reports(since: dt.datetime) -> Iterator[SentBack]:
    """Yield the weekly reports that were sent back since and are still owed, to who had filed them."""
    filing = ReportStep.objects.filter(report=OuterRef("report"), step__in=HANDED_IN, pk__lt=OuterRef("pk"))
    rows = ReportStep.objects.filter(step__in=SENT_BACK, at__gte=since, report__returned_at__isnull=False)
    told = rows.annotate(filer=Subquery(filing.order_by("-pk").values("actor")[:1]))
    latest = {
        row.report_id: row
        for row in told.select_related("report__unit", "report__period__campaign").order_by("id")
    }
    people = _reachable(row.filer for row in latest.values())
    for row in latest.values():
        if row.filer in people and row.filer != row.actor_id:
            report, page = row.report, "weekly:report-detail"
            campaign = report.period.campaign
            yield SentBack(
                f"w{row.pk}", people[row.filer], row.at, campaign, str(report), row.note, page, report.pk
            )


def _reachable(numbers: Iterable[int | None]) -> dict[int, Account]:
    """Return those of the people who are active and have an address, by number."""
    return Account.objects.filter(is_active=True).exclude(email="").in_bulk([pk for pk in numbers if pk])
