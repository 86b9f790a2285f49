"""The verbs of a liaison on the owed report: file it, or file that there was nothing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly.models import ReportStep, Step, WeeklyReport
from units import audit, scope
from units.models import Account, Deed
from units.rules import RuleError


def file(
    report: WeeklyReport,
    *,
    actor: Account,
    progress: str,
    highlights: str = "",
    problems: str = "",
    plan: str = "",
) -> WeeklyReport:
    """File the report of a week in which something happened.

    Raises: RuleError `stale`, `closed`, `not_yours`, `progress_missing`.
    """
    if not progress.strip():
        raise RuleError("progress_missing", _("Say in a sentence or two what was done."), field="progress")
    texts = {"progress": progress, "highlights": highlights, "problems": problems, "plan": plan}
    return _file(report, actor, Step.FILE, {name: text.strip() for name, text in texts.items()})


def file_zero(report: WeeklyReport, *, actor: Account, reason: str) -> WeeklyReport:
    """File that nothing took place, with the reason.

    Raises: RuleError `stale`, `closed`, `not_yours`, `reason_missing`.
    """
    if not reason.strip():
        raise RuleError("reason_missing", _("Say why there was nothing to report."), field="reason")
    return _file(report, actor, Step.ZERO, {"reason": reason.strip()})


@transaction.atomic
def _file(report: WeeklyReport, actor: Account, step: Step, content: dict[str, str]) -> WeeklyReport:
    """Authorise, claim the open report, write it down; what it said before a return stands in its steps."""
    now = timezone.now()
    _authorise(report, actor, now)
    texts = dict.fromkeys(TEXTS, "") | content
    claimed = (
        WeeklyReport.objects.open()
        .filter(pk=report.pk, version=report.version)
        .update(
            filed_at=now,
            filed_by=actor,
            returned_at=None,
            is_zero=step is Step.ZERO,
            version=F("version") + 1,
            **texts,
        )
    )
    if not claimed:
        raise RuleError("stale", _("This week's report has been filed already; reload the page to see it."))
    report.refresh_from_db()
    ReportStep.objects.create(
        report=report, step=step, version=report.version, actor=actor, content=content, at=now
    )
    audit.record(Deed.FILE, actor=actor, subject=report, unit=report.unit, changes=_told(step, content))
    return report


TEXTS = ("progress", "highlights", "problems", "plan", "reason")


def _told(step: Step, content: dict[str, str]) -> dict[str, object]:
    """Return what the trail tells of a filing: the texts that are not empty."""
    return {name: text for name, text in content.items() if text} | {"is_zero": step is Step.ZERO}


def _authorise(report: WeeklyReport, actor: Account, now: dt.datetime) -> None:
    """Refuse who does not report for the unit, and what is closed."""
    if not scope.may(actor, scope.REPORT, report.unit):
        message = _("You do not report for this unit; ask the bureau for the role of liaison.")
        raise RuleError("not_yours", message)
    if now > report.close_at:
        message = _("%(period)s was closed on %(day)s; ask the bureau for an extension.")
        raise RuleError("closed", message % {"period": report.period, "day": report.close_at.date()})
