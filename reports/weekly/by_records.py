"""Where a campaign asks for records alone: the first submitted record of a period files its report."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import OuterRef, Subquery

from reports.campaigns.models import Campaign, Filing
from reports.records.models import ActivityRecord
from reports.records.states import Status
from reports.weekly.filing import NO_RETURN, TEXTS
from reports.weekly.models import Step, WeeklyReport
from reports.weekly.stepping import NO_REQUEST, Move, locked, move_many
from units.models import Account


@transaction.atomic
def ensure_filed_by_records(campaign: Campaign) -> int:
    """File what is owed where a record was submitted before the last chance; return how many.

    The report counts from the moment of that first submission, not from the look. Twice is once.
    """
    if campaign.filing != Filing.RECORDS:
        return 0
    submitted = ActivityRecord.objects.filter(
        unit=OuterRef("unit"),
        period=OuterRef("period"),
        first_submitted_at__isnull=False,
        first_submitted_at__lte=OuterRef("close_at"),
    ).exclude(status=Status.VOID)
    first = Subquery(submitted.order_by("first_submitted_at", "pk").values("pk")[:1])
    found = WeeklyReport.objects.open().of_campaign(campaign).annotate(record=first)
    by_report = dict(found.filter(record__isnull=False).values_list("pk", "record"))
    records = ActivityRecord.objects.in_bulk(set(by_report.values()))
    reports = locked(WeeklyReport.objects.open().filter(pk__in=by_report))
    for report in reports:
        record = records[by_report[report.pk]]
        move_many(Step.FILE, [_filed(report, record)], actor=_submitter(record))
    return len(reports)


def _filed(report: WeeklyReport, record: ActivityRecord) -> Move:
    """Return the step that a record makes: filed when it was submitted, after a return from then on."""
    at: dt.datetime = max(filter(None, (record.first_submitted_at, report.returned_at)))
    columns: dict[str, object] = dict.fromkeys(TEXTS, "")
    columns |= {"filed_at": at, "filed_by": _submitter(record), "is_zero": False}
    return Move(report, columns | NO_RETURN | NO_REQUEST, content={"record": record.pk, "is_zero": False})


def _submitter(record: ActivityRecord) -> Account | None:
    """Return who handed the record in, as far as it is known."""
    return record.submitted_by or record.author
