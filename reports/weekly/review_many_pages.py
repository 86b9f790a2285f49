"""Many reports at once: a confirmation that lists them, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.weekly import extending, reviewing
from reports.weekly.deadlines import due_after_return
from reports.weekly.models import Purpose, ReadyReason, WeeklyReport
from reports.weekly.review_forms import MANY_LIMIT, ManyForm
from reports.weekly.review_pages import FOLDER
from reports.weekly.reviewing import Outcome
from units.rules import RuleError
from units.scoped_admin import actor_of

if TYPE_CHECKING:
    from reports.weekly.admin import WeeklyReportAdmin

MANY = ("accept", "return", "extend")
# So many are named on the confirmation; the others are counted.
N_NAMED = 40


def confirm(
    site: WeeklyReportAdmin, request: HttpRequest, verb: str, rows: Any, form: ManyForm | None = None
) -> TemplateResponse:
    """List what would be decided, and ask; what the decision is not open to is left out."""
    n_chosen = rows.count()
    found = _open_to(request, verb, rows).with_names()[:MANY_LIMIT]
    reports = [report for report in found if verb != "extend" or extending.takes_time(report)]
    initial = due_after_return(reports[0].period.campaign, timezone.now()) if reports else None
    context = {
        **site.admin_site.each_context(request),
        "title": title_of(verb),
        "subtitle": None,
        "opts": site.opts,
        "verb": verb,
        "reports": reports[:N_NAMED],
        "n_reports": len(reports),
        "n_more": max(0, len(reports) - N_NAMED),
        "n_left_out": n_chosen - len(reports),
        "chosen": ",".join(f"{report.pk}:{report.version}" for report in reports),
        "form": form or ManyForm(initial={"due_at": initial}),
        "ready_reasons": ReadyReason.offered(Purpose.RETURN) if verb == "return" else [],
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, f"{FOLDER}confirm.html", context, status=422 if form else 200)


def decide_many(site: WeeklyReportAdmin, request: HttpRequest, verb: str) -> HttpResponse:
    """Take one decision on many reports; those that moved on or lie out of reach are left as they are."""
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if verb not in MANY:
        raise Http404
    form = ManyForm(request.POST, verb=verb)
    form.is_valid()
    if "chosen" in form.errors:
        raise BadRequest
    versions = form.versions()
    if form.is_valid():
        try:
            outcome = _decide_all(request, verb, versions, form.cleaned_data)
        except RuleError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(request, said(verb, outcome))
            return redirect("admin:weekly_weeklyreport_changelist")
    rows = site.get_queryset(request).filter(pk__in=versions)
    return confirm(site, request, verb, rows, form)


def title_of(verb: str) -> str:
    """Return what the confirmation is called."""
    return {
        "accept": _("Accept weekly reports"),
        "return": _("Return weekly reports"),
        "extend": _("Give more time"),
    }[verb]


def said(verb: str, outcome: Outcome) -> str:
    """Return how it went."""
    done = {
        "accept": ngettext("%(n)d report accepted.", "%(n)d reports accepted.", outcome.n_done),
        "return": ngettext("%(n)d report returned.", "%(n)d reports returned.", outcome.n_done),
        "extend": ngettext("%(n)d report has more time.", "%(n)d reports have more time.", outcome.n_done),
    }[verb] % {"n": outcome.n_done}
    if not outcome.n_left:
        return done
    left = ngettext(
        "%(n)d was left as it is, because it was decided or changed meanwhile, or needs no more time.",
        "%(n)d were left as they are, because they were decided or changed meanwhile, or need no more time.",
        outcome.n_left,
    )
    return f"{done} {left % {'n': outcome.n_left}}"


def _open_to(request: HttpRequest, verb: str, rows: Any) -> Any:
    """Return those of the chosen rows that the decision is open to."""
    actor = actor_of(request)
    chosen = WeeklyReport.objects.filter(pk__in=rows.order_by().values("pk"))
    if verb != "extend":
        return chosen.waiting_for(actor)
    return chosen.reviewable_by(actor).filter(excused_at=None).exclude(asked_by=actor)


def _decide_all(request: HttpRequest, verb: str, versions: dict[int, int], told: dict[str, Any]) -> Outcome:
    """Call the set-wise verb."""
    actor = actor_of(request)
    if verb == "accept":
        return reviewing.accept_many(versions, actor=actor)
    if verb == "return":
        return reviewing.send_back_many(versions, actor=actor, note=told["whole"])
    return extending.extend_many(versions, actor=actor, due_at=told["due_at"], note=told["whole"])
