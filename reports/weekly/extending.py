"""Time and mercy: more of the one, for one unit, some or all; an excuse; a unit's request and the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly.deadlines import later
from reports.weekly.locks import shown
from reports.weekly.models import Step, WeeklyReport
from reports.weekly.reviewing import Outcome, check_reach, wrong_state
from reports.weekly.stepping import NO_REQUEST, Move, locked, move, move_many, reason_in
from units import scope
from units.models import Account
from units.rules import RuleError

FARTHEST = dt.timedelta(days=366)


def ask(report: WeeklyReport, *, actor: Account, note: str = "") -> WeeklyReport:
    """Ask the reviewers for more time; one request per report is open at a time.

    Raises: RuleError `stale`, `not_yours`, `wrong_state`, `asked_already`.
    """
    if not scope.reach(actor, scope.REPORT, scope.SIGN).covers(report.unit.path):
        raise RuleError("not_yours", _("Only the unit itself asks for more time."))
    if not report.is_owed:
        raise wrong_state(_("This report is not owed any more, so it needs no more time."))
    if report.asked_at is not None:
        message = _("%(person)s asked for more time on %(moment)s; the reviewers have yet to answer.")
        told = {"person": report.asked_by, "moment": shown(report, report.asked_at)}
        raise RuleError("asked_already", message % told)
    asked = {"asked_by": actor, "asked_at": timezone.now(), "ask_note": note.strip()}
    with transaction.atomic():
        return move(Step.ASK, Move(report, asked, note.strip()), actor=actor)


def refuse(report: WeeklyReport, *, actor: Account, note: str) -> WeeklyReport:
    """Decline a request for more time, with a reason.

    Raises: RuleError `stale`, `not_yours`, `wrong_state`, `own_request`, `reason_missing`.
    """
    check_reach(report, actor)
    if report.asked_at is None:
        raise wrong_state(_("Nobody asks for more time for this report."))
    _check_request(report, actor)
    note = reason_in(note, _("Say why, so that the unit knows."))
    with transaction.atomic():
        return move(Step.REFUSE, Move(report, NO_REQUEST, note), actor=actor)


def excuse(report: WeeklyReport, *, actor: Account, note: str) -> WeeklyReport:
    """Let a unit owe nothing for a period, with a reason; what is filed cannot be excused.

    Raises: RuleError `stale`, `not_yours`, `wrong_state`, `own_request`, `reason_missing`.
    """
    check_reach(report, actor)
    if not report.is_owed:
        raise wrong_state(_("Only what is still owed can be excused; reload the page to see the report."))
    _check_request(report, actor)
    note = reason_in(note, _("Say why nothing is owed; the reason stays with the report."))
    columns = {"excused_by": actor, "excused_at": timezone.now(), "excuse": note} | NO_REQUEST
    with transaction.atomic():
        return move(Step.EXCUSE, Move(report, columns, note), actor=actor)


def extend(report: WeeklyReport, *, actor: Account, due_at: dt.datetime, note: str) -> WeeklyReport:
    """Give one report until `due_at`, with a reason; this grants a request for more time, too.

    Raises: RuleError `stale`, `not_yours`, `wrong_state`, `own_request`, `not_later`, `too_far`,
    `reason_missing`.
    """
    check_reach(report, actor)
    note = _check_extension(due_at, note)
    if not takes_time(report):
        raise wrong_state(_("This report was filed in time or is excused, so it needs no more time."))
    if due_at <= report.due_at:
        message = _("The report is due on %(moment)s already; an extension leads to a later moment.")
        raise RuleError("not_later", message % {"moment": shown(report, report.due_at)}, field="due_at")
    _check_request(report, actor)
    with transaction.atomic():
        return move(Step.EXTEND, _extended(report, due_at, note), actor=actor)


@transaction.atomic
def extend_many(ids: Iterable[int], *, actor: Account, due_at: dt.datetime, note: str) -> Outcome:
    """Give those of some reports that the actor reviews until `due_at`; none gets less time than it has.

    What was filed in time, is excused or is due later anyway is left as it is, and so is what the actor
    asked for themselves. What was filed late counts by its new due moment.

    Raises: RuleError `not_later`, `too_far`, `reason_missing`.
    """
    asked = set(ids)
    note = _check_extension(due_at, note)
    own = WeeklyReport.objects.reviewable_by(actor).filter(pk__in=asked, excused_at=None, due_at__lt=due_at)
    reports = [report for report in locked(own.exclude(asked_by=actor)) if takes_time(report)]
    move_many(Step.EXTEND, [_extended(report, due_at, note) for report in reports], actor=actor)
    return Outcome(len(reports), len(asked) - len(reports))


def takes_time(report: WeeklyReport) -> bool:
    """Say whether more time makes a difference: what is filed in time or excused needs none."""
    return report.excused_at is None and not report.is_in_time


def _extended(report: WeeklyReport, due_at: dt.datetime, note: str) -> Move:
    """Return the step to a later due moment."""
    return Move(report, later(report, due_at) | NO_REQUEST, note)


def _check_extension(due_at: dt.datetime, note: str) -> str:
    """Return the reason. Raises: RuleError `not_later`, `too_far`, `reason_missing`."""
    now = timezone.now()
    if due_at <= now:
        raise RuleError("not_later", _("This moment has passed; choose one to come."), field="due_at")
    if due_at > now + FARTHEST:
        raise RuleError("too_far", _("An extension ends within a year from now."), field="due_at")
    return reason_in(note, _("Say why; the reason stays with the report."))


def _check_request(report: WeeklyReport, actor: Account) -> None:
    """Refuse who would answer their own request. Raises: RuleError `own_request`."""
    if report.asked_by_id == actor.pk:
        message = _("You asked for this time yourself; a colleague who reviews the unit answers.")
        raise RuleError("own_request", message)
