"""The verbs of a liaison on the owed report: file it, or file that there was nothing."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly.models import WeeklyReport
from units import audit, scope
from units.models import Account, Deed
from units.rules import RuleError


def file(report: WeeklyReport, *, actor: Account, progress: str, plan: str = "") -> WeeklyReport:
    """File the report of a week in which something happened.

    Raises: RuleError `stale`, `closed`, `not_yours`, `progress_missing`.
    """
    if not progress.strip():
        raise RuleError("progress_missing", _("Say in a sentence or two what was done."), field="progress")
    return _file(report, actor, {"progress": progress.strip(), "plan": plan.strip()})


def file_zero(report: WeeklyReport, *, actor: Account, reason: str) -> WeeklyReport:
    """File that nothing took place, with the reason.

    Raises: RuleError `stale`, `closed`, `not_yours`, `reason_missing`.
    """
    if not reason.strip():
        raise RuleError("reason_missing", _("Say why there was nothing to report."), field="reason")
    return _file(report, actor, {"reason": reason.strip(), "is_zero": True})


@transaction.atomic
def _file(report: WeeklyReport, actor: Account, content: dict[str, object]) -> WeeklyReport:
    """Authorise, claim the open report, write it down."""
    now = timezone.now()
    _authorise(report, actor, now)
    claimed = (
        WeeklyReport.objects.open()
        .filter(pk=report.pk, version=report.version)
        .update(filed_at=now, filed_by=actor, version=F("version") + 1, **content)
    )
    if not claimed:
        raise RuleError("stale", _("This week's report has been filed already; reload the page to see it."))
    audit.record(Deed.FILE, actor=actor, subject=report, unit=report.unit, changes=content)
    report.refresh_from_db()
    return report


def _authorise(report: WeeklyReport, actor: Account, now: dt.datetime) -> None:
    """Refuse who does not report for the unit, and what is closed."""
    if not scope.may(actor, scope.REPORT, report.unit):
        message = _("You do not report for this unit; ask the bureau for the role of liaison.")
        raise RuleError("not_yours", message)
    if now > report.period.close_at:
        message = _("%(period)s was closed on %(day)s; ask the bureau for an extension.")
        raise RuleError("closed", message % {"period": report.period, "day": report.period.close_at.date()})
