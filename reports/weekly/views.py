"""The pages of the weekly reports: the list, one report, and the two ways to file it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django import forms, http
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reports.campaigns.current import current
from reports.campaigns.models import Period
from reports.weekly.contents import contents
from reports.weekly.filing import file, file_zero
from reports.weekly.forms import FileForm, ZeroForm
from reports.weekly.models import WeeklyReport
from units import scope
from units.paging import CappedPaginator
from units.rules import RuleError

N_REPORTS_A_PAGE = 50
Verb = Callable[..., WeeklyReport]


def report_list(request: http.HttpRequest) -> http.HttpResponse:
    """Show the reports that the person may read, the latest week on top; one week where asked for."""
    if not scope.held(request.user):
        raise PermissionDenied
    campaign, reader = current(request), request.user
    weeks = list(campaign.periods.weekly().select_related("campaign").order_by("-number")) if campaign else []
    is_wide = scope.units(reader, *scope.READ)[: N_REPORTS_A_PAGE + 1].count() > N_REPORTS_A_PAGE
    number = _number(request.GET.get("week", ""), weeks, is_wide=is_wide)
    visible = WeeklyReport.objects.visible_to(reader).of_campaign(campaign)
    listed = visible.latest_first() if number is None else visible.of_week(number, weeks)
    context = {
        "campaign": campaign,
        "weeks": weeks,
        "number": number,
        "offers_all": not is_wide,
        "query": "" if number is None else f"week={number}&",
        "page": CappedPaginator(listed.with_names(), N_REPORTS_A_PAGE).get_page(request.GET.get("page", "1")),
        "now": timezone.now(),
    }
    return render(request, "weekly/list.html", context)


def _number(raw: str, weeks: list[Period], *, is_wide: bool) -> int | None:
    """Return the number of the week to show, None for all of them.

    Who sees more units than stand on a page looks at one week at a time, at the latest unless asked
    for another.
    """
    if raw.isascii() and raw.isdigit() and len(raw) < 5:
        return int(raw)
    return weeks[0].number if is_wide and weeks else None


def report_detail(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Show one report with the week's records; to its liaison with the forms while it is owed."""
    return _page(request, _visible(request, pk))


@require_POST
def report_file(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """File the report of a week in which something happened."""
    return _attempt(request, _fileable(request, pk), FileForm(request.POST), file)


@require_POST
def report_zero(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """File that there was nothing to report."""
    return _attempt(request, _fileable(request, pk), ZeroForm(request.POST), file_zero)


def _visible(request: http.HttpRequest, pk: int) -> WeeklyReport:
    """Return a report that the person may read. Raises: Http404 for any other."""
    visible = WeeklyReport.objects.visible_to(request.user).with_names()
    report: WeeklyReport = scope.get_or_404(visible, pk=pk)
    return report


def _fileable(request: http.HttpRequest, pk: int) -> WeeklyReport:
    """Return a report that the person may file. Raises: Http404, or PermissionDenied to a mere reader."""
    report = _visible(request, pk)
    if not scope.may(request.user, scope.REPORT, report.unit):
        raise PermissionDenied
    return report


def _attempt(
    request: http.HttpRequest, report: WeeklyReport, form: forms.Form, verb: Verb
) -> http.HttpResponse:
    """Call the verb with what was typed; show the page with the reason where a rule says no."""
    if not form.is_valid():
        return _page(request, report, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        verb(report, actor=request.user, **form.cleaned_data)
    except RuleError as error:
        return _refused(request, report, form, error)
    messages.success(request, _("%(report)s has been filed.") % {"report": report})
    return redirect("weekly:report-detail", pk=report.pk)


def _refused(
    request: http.HttpRequest, report: WeeklyReport, form: forms.Form, error: RuleError
) -> http.HttpResponse:
    """Answer a refusal; a double click finds its own filing, a race shows both texts."""
    report.refresh_from_db()
    if error.code == "stale" and report.holds(form.cleaned_data):
        messages.info(request, _("%(report)s had been filed already; once is enough.") % {"report": report})
        return redirect("weekly:report-detail", pk=report.pk)
    form.add_error(error.field or None, str(error.message))
    status = HTTPStatus.CONFLICT if error.code == "stale" else HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(request, report, form, status=status)


def _page(
    request: http.HttpRequest,
    report: WeeklyReport,
    bound: forms.Form | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> http.HttpResponse:
    """Show one report; `bound` is the form that was sent, with its errors and all that was typed."""
    now = timezone.now()
    may_file = scope.may(request.user, scope.REPORT, report.unit)
    context = {
        "report": report,
        "now": now,
        "contents": contents(report, reader=request.user),
        "may_file": may_file,
        "is_open": report.is_open_at(now),
        "bound": bound,
        "file_form": bound if isinstance(bound, FileForm) else FileForm(),
        "zero_form": bound if isinstance(bound, ZeroForm) else ZeroForm(),
    }
    return render(request, "weekly/detail.html", context, status=status)
