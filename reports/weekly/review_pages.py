"""One report in the reviewers' administration: its page, and the decisions on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly import extending, reviewing
from reports.weekly.contents import contents
from reports.weekly.deadlines import due_after_return
from reports.weekly.models import Purpose, ReadyReason, WeeklyReport
from reports.weekly.review_forms import DecisionForm
from reports.weekly.rounds import rounds_of
from units import scope
from units.models import Account
from units.rules import RuleError
from units.scoped_admin import actor_of, reach_of

if TYPE_CHECKING:
    from reports.weekly.admin import WeeklyReportAdmin

FOLDER = "admin/weekly/weeklyreport/"
Decide = Callable[[WeeklyReport, Account, dict[str, Any]], WeeklyReport]

DECISIONS: dict[str, Decide] = {
    "accept": lambda report, actor, _told: reviewing.accept(report, actor=actor),
    "return": lambda report, actor, told: reviewing.send_back(report, actor=actor, note=told["whole"]),
    "reopen": lambda report, actor, told: reviewing.reopen(report, actor=actor, note=told["whole"]),
    "excuse": lambda report, actor, told: extending.excuse(report, actor=actor, note=told["whole"]),
    "refuse": lambda report, actor, told: extending.refuse(report, actor=actor, note=told["whole"]),
    "extend": lambda report, actor, told: extending.extend(
        report, actor=actor, due_at=told["due_at"], note=told["whole"]
    ),
}


def report_page(
    site: WeeklyReportAdmin,
    request: HttpRequest,
    report: WeeklyReport,
    *,
    form: DecisionForm | None = None,
    verb: str = "",
    status: int = 200,
) -> TemplateResponse:
    """Return the page of one report with its rounds and the decisions that are open."""
    now, actor = timezone.now(), actor_of(request)
    is_reviewer = reach_of(request, scope.REVIEW).covers(report.unit.path)
    context = {
        **site.admin_site.each_context(request),
        "title": str(report),
        "subtitle": None,
        "opts": site.opts,
        "report": report,
        "now": now,
        "contents": contents(report, reader=actor),
        "rounds": rounds_of(report),
        "decisions": open_decisions(report, actor) if is_reviewer else [],
        "is_own": report.filed_by_id == actor.pk and report.filed_at is not None,
        "is_reviewer": is_reviewer,
        "form": form or DecisionForm(initial={"due_at": due_after_return(report.period.campaign, now)}),
        "verb": verb,
        "ready_reasons": ReadyReason.offered(Purpose.RETURN),
        "n_waiting": WeeklyReport.objects.waiting_for(actor).count(),
    }
    return TemplateResponse(request, f"{FOLDER}report.html", context, status=status)


def open_decisions(report: WeeklyReport, actor: Account) -> list[str]:
    """Return the decisions that a reviewer of the unit may take on a report as it is."""
    found = []
    is_own = report.filed_by_id == actor.pk
    if report.waits_for_review and not is_own:
        found += ["accept", "return"]
    if report.excused_at is not None or (report.accepted_at is not None and not is_own):
        found.append("reopen")
    if report.excused_at is None and not report.is_in_time and report.asked_by_id != actor.pk:
        found.append("extend")
    if report.asked_at is not None and report.asked_by_id != actor.pk:
        found.append("refuse")
    if report.is_owed and report.asked_by_id != actor.pk:
        found.append("excuse")
    return found


def decide(site: WeeklyReportAdmin, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one decision, then go on to what waits next."""
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    report: WeeklyReport = scope.get_or_404(site.get_queryset(request), pk=pk)
    if verb not in DECISIONS:
        raise Http404
    form = DecisionForm(request.POST, verb=verb)
    if not form.is_valid():
        return report_page(site, request, report, form=form, verb=verb, status=422)
    # The verb claims this version and no other, so nobody decides on what they have not seen.
    report.version = form.cleaned_data["version"]
    try:
        DECISIONS[verb](report, actor_of(request), form.cleaned_data)
    except RuleError as error:
        return _refused(site, request, pk, verb, error)
    messages.success(request, said(report, verb))
    return redirect(_next(request, report, verb))


def said(report: WeeklyReport, verb: str) -> str:
    """Return what was done."""
    return {
        "accept": _("%(report)s is accepted."),
        "return": _("%(report)s is returned to its unit."),
        "reopen": _("%(report)s is open again."),
        "excuse": _("%(report)s is excused; nothing is owed for it."),
        "refuse": _("The request for more time for %(report)s is declined."),
        "extend": _("%(report)s has more time."),
    }[verb] % {"report": report}


def _refused(
    site: WeeklyReportAdmin, request: HttpRequest, pk: int, verb: str, error: RuleError
) -> HttpResponse:
    """Say why nothing was changed, at its field; what was typed stays, over the report as it is now."""
    if error.code == "not_yours":
        raise PermissionDenied
    form = DecisionForm(request.POST)
    form.is_valid()
    form.add_error(error.field or None, str(error.message))
    report = scope.get_or_404(site.get_queryset(request), pk=pk)
    status = 409 if error.code in {"stale", "wrong_state"} else 422
    return report_page(site, request, report, form=form, verb=verb, status=status)


def _next(request: HttpRequest, report: WeeklyReport, verb: str) -> str:
    """Return where a reviewer goes on: after a verdict to what waits next, else back to the report."""
    if verb not in {"accept", "return"}:
        return reverse("admin:weekly_weeklyreport_change", args=[report.pk])
    queue = WeeklyReport.objects.waiting_for(actor_of(request)).exclude(pk=report.pk)
    behind = (
        queue.filter(Q(pk__gt=report.pk))
        if report.filed_at is None
        else queue.filter(Q(filed_at__gt=report.filed_at) | Q(filed_at=report.filed_at, pk__gt=report.pk))
    )
    following = behind.first() or queue.first()
    if following is None:
        return reverse("admin:weekly_weeklyreport_changelist")
    return reverse("admin:weekly_weeklyreport_change", args=[following.pk])
