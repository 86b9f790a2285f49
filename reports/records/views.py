"""Pages that show records, and the two steps that need no form."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reports.records import workflow
from reports.records.forms import StepForm
from reports.records.joint_desk import company_of
from reports.records.models import ActivityRecord
from reports.records.numbers import numbers_of
from reports.records.reviewing import steps_of
from reports.records.rounds import reason_in
from reports.records.states import Status
from units import scope
from units.models import Account
from units.rules import RuleError
from units.signed_in import person


@require_GET
def record_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one record with all that was entered and every round."""
    return _detail(request, _visible(request, pk))


@require_POST
def record_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a record in as it is stored; what is missing leads to the form."""
    record, user = _own(request, pk), person(request)
    step = StepForm(request.POST)
    if record.state is Status.SUBMITTED and step.seen < record.version:
        return redirect("records:record-detail", pk)
    try:
        workflow.submit(step.as_seen(record), actor=user)
    except RuleError as refused:
        if refused.field:
            return redirect(f"{reverse('records:record-edit', args=[pk])}?complete=1")
        return _detail(request, _visible(request, pk), refused)
    messages.success(request, _("“%(record)s” has been handed in for review.") % {"record": record})
    return redirect("records:record-detail", pk)


@require_POST
def record_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike a record out; the row stays."""
    record, user = _own(request, pk), person(request)
    step = StepForm(request.POST)
    try:
        workflow.void(step.as_seen(record), actor=user, note=step.reason)
    except RuleError as refused:
        return _detail(request, _visible(request, pk), refused)
    messages.success(
        request, _("“%(record)s” is void; it stays in the list, struck out.") % {"record": record}
    )
    return redirect("records:record-detail", pk)


def _visible(request: HttpRequest, pk: int) -> ActivityRecord:
    """Return a record that the person may read. Raises: Http404."""
    return scope.get_or_404(
        ActivityRecord.objects.visible_to(request.user).with_names().with_indicators(), pk=pk
    )


def _own(request: HttpRequest, pk: int) -> ActivityRecord:
    """Return a record of a unit that the person reports for. Raises: Http404, PermissionDenied."""
    record = _visible(request, pk)
    if not scope.may(request.user, scope.REPORT, record.unit):
        raise PermissionDenied
    return record


def _detail(request: HttpRequest, record: ActivityRecord, refused: RuleError | None = None) -> HttpResponse:
    """Show a record; with a refusal on top where a step was not possible."""
    steps = steps_of(record)
    context = {
        "record": record,
        "numbers": numbers_of(record),
        "company": company_of(record, request.user),
        "steps": steps,
        "reason": reason_in(record, steps),
        "may_write": scope.may(request.user, scope.REPORT, record.unit),
        "may_review": _may_review(person(request), record),
        "refused": refused,
    }
    return render(request, "records/detail.html", context, status=409 if refused else 200)


def _may_review(user: Account, record: ActivityRecord) -> bool:
    """Say whether the record waits for this person's decision."""
    return record.state is Status.SUBMITTED and scope.may(user, scope.REVIEW, record.unit)
