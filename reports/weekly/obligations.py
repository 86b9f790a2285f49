"""The verbs that write down who owes what, and take back what is no longer owed."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign, Period
from reports.weekly.models import ReportStep, Step, WeeklyReport
from reports.weekly.stepping import NO_REQUEST, Move, move_many
from units import audit
from units.models import Account, Deed, Unit


@transaction.atomic
def ensure_reports(campaign: Campaign, *, now: dt.datetime) -> int:
    """Make the report that each reporting unit owes for each opened period; return how many are new.

    A unit owes the periods in which it was open on at least one day. Twice is once.
    """
    before = WeeklyReport.objects.filter(period__campaign=campaign).count()
    for period in campaign.periods.weekly().filter(starts_on__lte=campaign.today(now)):
        WeeklyReport.objects.bulk_create(_missing(period), batch_size=1000, ignore_conflicts=True)
    return WeeklyReport.objects.filter(period__campaign=campaign).count() - before


@transaction.atomic
def withdraw_reports(campaign: Campaign) -> int:
    """Take back what units do not owe any more, as after a closing with a day in the past; return how many.

    What was filed stays, and so does what is missing from the unit's own days. Twice is once; a unit that is
    opened again owes them again.
    """
    is_closed = Q(unit__closed_on__lte=F("period__starts_on"))
    not_owed = is_closed | Q(unit__opened_on__gt=F("period__ends_on"))
    rows = WeeklyReport.objects.open().of_campaign(campaign).filter(not_owed).select_related("unit", "period")
    # Held, so that nobody files one between the look and the deed.
    reports = list(rows.select_for_update(of=("self",)).order_by("pk"))
    let_go(reports, actor=None)
    audit.record_many(
        audit.entry(Deed.VOID, actor=None, subject=report, unit=report.unit, changes=_why(report))
        for report in reports
        if report.excused_at is None
    )
    return len(reports)


def let_go(reports: list[WeeklyReport], *, actor: Account | None) -> None:
    """Drop locked reports that are owed no more; what has a history stays, and is excused.

    Call it inside the transaction that decides so.
    """
    keys = [report.pk for report in reports]
    stay = set(ReportStep.objects.filter(report__in=keys).values_list("report", flat=True))
    reason = _("The unit owes nothing for this period.")
    excused = {"excused_by": actor, "excused_at": timezone.now(), "excuse": reason} | NO_REQUEST
    moves = [Move(report, excused, reason) for report in reports if report.pk in stay]
    move_many(Step.EXCUSE, moves, actor=actor)
    WeeklyReport.objects.filter(pk__in=set(keys) - stay).delete()


def _why(report: WeeklyReport) -> dict[str, object]:
    """Return on which days the unit exists: outside them it owes nothing."""
    days = {"opened_on": report.unit.opened_on, "closed_on": report.unit.closed_on}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def _missing(period: Period) -> list[WeeklyReport]:
    """Return the unsaved reports of the units that owe this period and have no row yet."""
    owing = Unit.objects.reporting().open_between(period.starts_on, period.ends_on)
    new = owing.exclude(pk__in=WeeklyReport.objects.filter(period=period).values("unit"))
    return [
        WeeklyReport(unit_id=pk, period=period, due_at=period.due_at, close_at=period.close_at)
        for pk in new.order_by().values_list("pk", flat=True)
    ]
