"""What the page of one report shows to whom."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from reports.weekly import keeping
from reports.weekly.contents import Contents, contents
from reports.weekly.forms import AskForm, FileForm, ZeroForm
from reports.weekly.locks import lock_of
from reports.weekly.models import Purpose, ReadyReason, ReportDraft, WeeklyReport
from reports.weekly.rounds import rounds_of
from units import scope

MOST_NAMED = 3


def page_of(report: WeeklyReport, reader: scope.Person, bound: forms.Form | None) -> dict[str, Any]:
    """Return the names of the page; `bound` is the form that was sent, with its errors."""
    now, found = timezone.now(), contents(report, reader=reader)
    lock = lock_of(report, now)
    may_file = scope.may(reader, scope.REPORT, report.unit)
    draft = keeping.draft_of(report, reader) if may_file else None
    context: dict[str, Any] = {
        "report": report,
        "now": now,
        "contents": found,
        "rounds": rounds_of(report),
        "lock": lock,
        "may_file": may_file,
        "may_sign": report.waits_for_signature and scope.may(reader, scope.SIGN, report.unit),
        "may_review": scope.may(reader, scope.REVIEW, report.unit),
        "may_ask": may_file or scope.may(reader, scope.SIGN, report.unit),
        "bound": bound,
        "draft": draft,
        "ask_form": bound if isinstance(bound, AskForm) else AskForm(),
    }
    if lock is not None:
        context["reviewers"] = _reviewers(report)
        if draft is not None and bound is None:
            context["unfiled"] = FileForm(initial=draft.fields)
    elif may_file:
        context |= _forms(report, found, draft, bound)
    return context


def _forms(
    report: WeeklyReport, found: Contents, draft: ReportDraft | None, bound: forms.Form | None
) -> dict[str, Any]:
    """Return the two forms of an open report: as sent, as kept, else as it was before a return."""
    stored = {name: getattr(report, name) for name in keeping.TYPED}
    return {
        "file_form": bound if isinstance(bound, FileForm) else FileForm(initial=_kept(draft, stored)),
        "zero_form": bound if isinstance(bound, ZeroForm) else ZeroForm(initial={"reason": report.reason}),
        "ready_reasons": ReadyReason.offered(Purpose.ZERO),
        "may_be_zero": not found.n_records,
        "tab": uuid4(),
    }


def _kept(draft: ReportDraft | None, stored: dict[str, str]) -> dict[str, str]:
    """Return what stands in the form at first."""
    return stored | (draft.fields if draft else {})


def _reviewers(report: WeeklyReport) -> list[str]:
    """Return the names of some who can unlock the report. Queries: one."""
    holders = scope.holders(report.unit, scope.REVIEW).order_by("pk")
    return [str(account) for account in holders[:MOST_NAMED]]
