"""The pages of the weekly reports: the list, one report, its sheet, and what its unit does to it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django import forms, http
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.weekly import keeping
from reports.weekly.contents import contents
from reports.weekly.extending import ask
from reports.weekly.filing import file, file_zero
from reports.weekly.forms import AskForm, FileForm, ZeroForm
from reports.weekly.models import WeeklyReport
from reports.weekly.showing import page_of
from reports.weekly.signing import sign
from units import scope
from units.rules import RuleError
from units.signed_in import person

Verb = Callable[..., WeeklyReport]
# What somebody else did meanwhile: the page shows both texts.
CONFLICTS = frozenset({"stale", "filed", "accepted", "excused"})
STATUS_OF = {"unreadable": 400, "other_person": 409, "too_long": 413}


@require_GET
def report_detail(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Show one report with the week's records; to its liaison with the forms while it is owed."""
    return _page(request, _visible(request, pk))


@require_GET
def report_sheet(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Show one report as a sheet of paper."""
    report = _visible(request, pk)
    context = {
        "report": report,
        "contents": contents(report, reader=request.user),
        "now": timezone.now(),
    }
    return render(request, "weekly/sheet.html", context)


@require_http_methods(["GET", "POST"])
def report_file(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """File the report of a week in which something happened; asked without a form, lead to it."""
    report = _fileable(request, pk)
    if request.method != "POST":
        # After an expired session, signing in leads back here; what was typed waits in the form.
        return redirect("weekly:report-detail", pk=report.pk)
    return _attempt(request, report, FileForm(request.POST), file)


@require_http_methods(["GET", "POST"])
def report_zero(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """File that there was nothing to report; asked without a form, lead to it."""
    report = _fileable(request, pk)
    if request.method != "POST":
        return redirect("weekly:report-detail", pk=report.pk)
    return _attempt(request, report, ZeroForm(request.POST), file_zero)


@require_http_methods(["GET", "POST"])
def report_typed(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Keep what stands in the form; asked without one, tell who is signed in and the token to send along."""
    report, actor = _fileable(request, pk), person(request)
    if request.method != "POST":
        return http.JsonResponse({"person": actor.pk, "token": get_token(request)})
    try:
        typed = keeping.Typed.of_json(request.body)
        if typed.person != actor.pk:
            message = _("Somebody else is signed in by now; what was typed stays on this device.")
            raise RuleError("other_person", message)
    except RuleError as refused:
        answer = {"code": refused.code, "message": str(refused.message)}
        return http.JsonResponse(answer, status=STATUS_OF[refused.code])
    draft = keeping.keep(report, typed, actor=actor)
    told: dict[str, object] = {"id": None, "sequence": typed.sequence}
    if draft is not None:
        told = {"id": draft.pk, "sequence": draft.sequence}
    return http.JsonResponse({"at": f"{timezone.localtime():%H:%M}", "others": 0, **told})


@require_POST
def report_drop(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Throw away what the person has typed and not filed."""
    report = _fileable(request, pk)
    keeping.drop(report, actor=person(request))
    messages.success(request, _("What you had typed has been thrown away; it had not been filed."))
    return redirect("weekly:report-detail", pk=report.pk)


@require_POST
def report_sign(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Put the unit head's name under the report."""
    report = _visible(request, pk)
    if not scope.may(request.user, scope.SIGN, report.unit):
        raise PermissionDenied
    return _done(request, report, sign, _("You have signed %(report)s."))


@require_POST
def report_ask(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Ask the reviewers for more time."""
    report = _visible(request, pk)
    if not scope.reach(request.user, scope.REPORT, scope.SIGN).covers(report.unit.path):
        raise PermissionDenied
    form = AskForm(request.POST)
    if not form.is_valid():
        return _page(request, report, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = _("The reviewers have been asked for more time for %(report)s; their answer stands here.")
    return _done(request, report, ask, said, note=form.cleaned_data["note"])


def _visible(request: http.HttpRequest, pk: int) -> WeeklyReport:
    """Return a report that the person may read. Raises: Http404 for any other."""
    visible = WeeklyReport.objects.visible_to(request.user).with_people()
    report: WeeklyReport = scope.get_or_404(visible, pk=pk)
    return report


def _fileable(request: http.HttpRequest, pk: int) -> WeeklyReport:
    """Return a report that the person may file. Raises: Http404, or PermissionDenied to a mere reader."""
    report = _visible(request, pk)
    if not scope.may(request.user, scope.REPORT, report.unit):
        raise PermissionDenied
    return report


def _done(
    request: http.HttpRequest, report: WeeklyReport, verb: Verb, said: str, **more: object
) -> http.HttpResponse:
    """Call a verb without a form of its own; say what was done, or why not, on the report's page."""
    try:
        verb(report, actor=request.user, **more)
    except RuleError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, said % {"report": report})
    return redirect("weekly:report-detail", pk=report.pk)


def _attempt(
    request: http.HttpRequest, report: WeeklyReport, form: forms.Form, verb: Verb
) -> http.HttpResponse:
    """Call the verb with what was typed; show the page with the reason where a rule says no."""
    if not form.is_valid():
        return _page(request, report, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        verb(report, actor=request.user, **form.cleaned_data)
    except RuleError as error:
        return _refused(request, report.pk, form, error)
    messages.success(request, _("%(report)s has been filed.") % {"report": report})
    return redirect("weekly:report-detail", pk=report.pk)


def _refused(request: http.HttpRequest, pk: int, form: forms.Form, error: RuleError) -> http.HttpResponse:
    """Answer a refusal; a double click finds its own filing, a race shows both texts."""
    report = _visible(request, pk)
    if error.code in CONFLICTS and report.holds(form.cleaned_data):
        messages.info(request, _("%(report)s had been filed already; once is enough.") % {"report": report})
        return redirect("weekly:report-detail", pk=report.pk)
    form.add_error(error.field or None, str(error.message))
    status = HTTPStatus.CONFLICT if error.code in CONFLICTS else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, report, form, status=status)


def _page(
    request: http.HttpRequest,
    report: WeeklyReport,
    bound: forms.Form | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> http.HttpResponse:
    """Show one report; `bound` is the form that was sent, with its errors and all that was typed."""
    context = page_of(report, request.user, bound)
    return render(request, "weekly/detail.html", context, status=status)
