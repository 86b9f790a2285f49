"""The verbs of reviewers on filed reports: accept, return, reopen; one or many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly.deadlines import due_after_return, later
from reports.weekly.models import Step, WeeklyReport
from reports.weekly.stepping import Move, locked, move, move_many, reason_in
from units import scope
from units.models import Account
from units.rules import RuleError


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a deed on many reports went: how many it was done to, how many were left as they are."""

    n_done: int
    n_left: int


def accept(report: WeeklyReport, *, actor: Account) -> WeeklyReport:
    """Take a filed report as it is.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`, `own_report`, `records_only`.
    """
    _check_filed(report, actor)
    with transaction.atomic():
        return move(Step.ACCEPT, Move(report, _accepted(actor, timezone.now())), actor=actor)


def send_back(report: WeeklyReport, *, actor: Account, note: str) -> WeeklyReport:
    """Return a filed report to its unit with a reason and a new due moment; its signature is gone.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`, `own_report`, `records_only`, `reason_missing`.
    """
    _check_filed(report, actor)
    note = _reason(note)
    with transaction.atomic():
        return move(Step.RETURN, _returned(report, actor, note, timezone.now()), actor=actor)


def reopen(report: WeeklyReport, *, actor: Account, note: str) -> WeeklyReport:
    """Take an acceptance or an excuse back, with a reason: the report waits for review, or is owed, again.

    Raises: RuleError `stale`, `wrong_state`, `not_yours`, `own_report`, `reason_missing`.
    """
    check_reach(report, actor)
    if report.accepted_at is None and report.excused_at is None:
        raise wrong_state(_("This report is neither accepted nor excused, so there is nothing to reopen."))
    if report.filed_at is not None:
        _check_own(report, actor)
    note = reason_in(note, _("Say why, so that the unit and your colleagues know."))
    undone = {"accepted_by": None, "accepted_at": None, "excused_by": None, "excused_at": None, "excuse": ""}
    with transaction.atomic():
        return move(Step.REOPEN, Move(report, undone, note), actor=actor)


@transaction.atomic
def accept_many(versions: Mapping[int, int], *, actor: Account) -> Outcome:
    """Accept those of the reports, by number with the version that was looked at, that wait for the actor."""
    reports, now = _waiting(versions, actor), timezone.now()
    move_many(Step.ACCEPT, [Move(report, _accepted(actor, now)) for report in reports], actor=actor)
    return Outcome(len(reports), len(versions) - len(reports))


@transaction.atomic
def send_back_many(versions: Mapping[int, int], *, actor: Account, note: str) -> Outcome:
    """Return those of the reports, by number with the version that was looked at, that wait for the actor.

    Raises: RuleError `reason_missing`.
    """
    note, now = _reason(note), timezone.now()
    reports = _waiting(versions, actor)
    move_many(Step.RETURN, [_returned(report, actor, note, now) for report in reports], actor=actor)
    return Outcome(len(reports), len(versions) - len(reports))


def check_reach(report: WeeklyReport, actor: Account) -> None:
    """Refuse who does not review the unit. Raises: RuleError `not_yours`."""
    if not scope.may(actor, scope.REVIEW, report.unit):
        raise RuleError("not_yours", _("You do not review this unit; ask an administrator for the role."))


def wrong_state(message: str) -> RuleError:
    """Return the refusal of a step that is not possible now."""
    return RuleError("wrong_state", message)


def _check_filed(report: WeeklyReport, actor: Account) -> None:
    """Refuse who may not decide, and what nobody can decide on now."""
    check_reach(report, actor)
    if report.filed_at is None or report.accepted_at is not None:
        raise wrong_state(_("This report does not wait for review any more; reload the page to see it."))
    if report.is_of_records:
        message = _("This campaign asks for records alone; review the unit's records instead.")
        raise RuleError("records_only", message)
    _check_own(report, actor)


def _check_own(report: WeeklyReport, actor: Account) -> None:
    """Refuse who would judge what they filed themselves. Raises: RuleError `own_report`."""
    if report.filed_by_id == actor.pk:
        message = _("You filed this report yourself; a colleague who reviews the unit decides on it.")
        raise RuleError("own_report", message)


def _waiting(versions: Mapping[int, int], actor: Account) -> list[WeeklyReport]:
    """Lock and return those that wait for the actor and have not moved on since they were looked at."""
    rows = locked(WeeklyReport.objects.waiting_for(actor).filter(pk__in=versions))
    return [report for report in rows if report.version == versions[report.pk]]


def _accepted(actor: Account, now: dt.datetime) -> dict[str, object]:
    """Return the columns of an acceptance."""
    return {"accepted_by": actor, "accepted_at": now}


def _returned(report: WeeklyReport, actor: Account, note: str, now: dt.datetime) -> Move:
    """Return the step back to the unit."""
    columns: dict[str, object] = {
        "filed_at": None,
        "signed_by": None,
        "signed_at": None,
        "returned_by": actor,
        "returned_at": now,
        "return_reason": note,
        "n_returns": report.n_returns + 1,
        **later(report, due_after_return(report.period.campaign, now)),
    }
    return Move(report, columns, note)


def _reason(note: str) -> str:
    """Return the reason of a return. Raises: RuleError `reason_missing`."""
    return reason_in(note, _("Say why, so that the unit knows what to change."))
