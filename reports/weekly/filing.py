"""The verbs of a liaison on the owed report: file it, or file that there was nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.campaigns.models import Filing
from reports.records.models import ActivityRecord
from reports.weekly import keeping
from reports.weekly.locks import lock_of
from reports.weekly.models import Step, WeeklyReport
from reports.weekly.stepping import NO_REQUEST, Move, move
from units import scope
from units.models import Account
from units.rules import RuleError

TEXTS = ("progress", "highlights", "problems", "plan", "reason")
# A new filing answers a return; what was said stands in the steps.
NO_RETURN: dict[str, object] = {"returned_at": None, "returned_by": None, "return_reason": ""}


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

    Raises: RuleError `stale`, `not_yours`, `progress_missing`, `records_only`, and the codes of `locks`.
    """
    if not progress.strip():
        raise RuleError("progress_missing", _("Say in a sentence or two what was done."), field="progress")
    texts = {"progress": progress, "highlights": highlights, "problems": problems, "plan": plan}
    return _file(report, actor, Step.FILE, {name: text.strip() for name, text in texts.items()})


def file_zero(report: WeeklyReport, *, actor: Account, reason: str) -> WeeklyReport:
    """File that nothing took place, with the reason.

    Raises: RuleError `stale`, `not_yours`, `reason_missing`, `records_exist`, and the codes of `locks`.
    """
    if not reason.strip():
        raise RuleError("reason_missing", _("Say why there was nothing to report."), field="reason")
    return _file(report, actor, Step.ZERO, {"reason": reason.strip()})


@transaction.atomic
def _file(report: WeeklyReport, actor: Account, step: Step, content: dict[str, str]) -> WeeklyReport:
    """Authorise, claim the open report, write it down; what it said before a return stands in its steps."""
    now = timezone.now()
    _authorise(report, actor)
    if (lock := lock_of(report, now)) is not None:
        raise RuleError(lock.code, lock.message)
    _check(report, step)
    filed = {"filed_at": now, "filed_by": actor, "is_zero": step is Step.ZERO}
    columns = dict.fromkeys(TEXTS, "") | content | filed | NO_RETURN | NO_REQUEST
    kept: dict[str, object] = {**content, "is_zero": step is Step.ZERO}
    move(step, Move(report, columns, content=kept), actor=actor)
    keeping.forget_filed(report, actor=actor)
    return report


def _authorise(report: WeeklyReport, actor: Account) -> None:
    """Refuse who does not report for the unit. Raises: RuleError `not_yours`."""
    if not scope.may(actor, scope.REPORT, report.unit):
        message = _("You do not report for this unit; ask the bureau for the role of liaison.")
        raise RuleError("not_yours", message)


def _check(report: WeeklyReport, step: Step) -> None:
    """Refuse a text that nobody asks for, and a zero report beside records.

    Raises: RuleError `records_only`, `records_exist`.
    """
    if step is Step.FILE and report.period.campaign.filing == Filing.RECORDS:
        message = _(
            "“%(campaign)s” asks for records alone: %(period)s is filed as soon as a record of it is "
            "submitted."
        )
        told = {"campaign": report.period.campaign, "period": report.period}
        raise RuleError("records_only", message % told)
    n_records = ActivityRecord.objects.of_unit(report.unit).in_period(report.period).count()
    if step is Step.ZERO and n_records:
        raise RuleError("records_exist", records_exist(n_records), field="reason")


def records_exist(n_records: int) -> str:
    """Return why a week with records has no zero report, and the way out."""
    message = ngettext(
        "This week has %(n)d record, so it is not a week in which nothing took place. File the weekly "
        "report, or declare the record void first.",
        "This week has %(n)d records, so it is not a week in which nothing took place. File the weekly "
        "report, or declare the records void first.",
        n_records,
    )
    return message % {"n": n_records}
