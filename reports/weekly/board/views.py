"""The pages of the board: the whole, one cell's story, the way to its report, the file."""

from __future__ import annotations

from django import http
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reports.campaigns.current import current
from reports.records.handing_out import FORMATS, may_export
from reports.weekly.board import drawing, handing_out
from reports.weekly.board.asking import asked, choices
from reports.weekly.board.marks import LETTERS, SIGNS
from reports.weekly.board.showing import board
from reports.weekly.board.wording import RATE_NAMES, words
from reports.weekly.models import WeeklyReport
from reports.weekly.steering import steered_by
from reports.weekly.urging.claiming import last_urging
from units import scope
from units.rules import RuleError
from units.signed_in import person

# What stands there before the script has drawn the rest, and a page of it where there are no scripts.
N_ROWS_A_PAGE = 20


@require_GET
def board_show(request: http.HttpRequest) -> http.HttpResponse:
    """Show how the reports of the units in reach stand, week by week.

    Queries: the same number for 5 and for 5,000 units.
    """
    reader, held = person(request), scope.held(request.user)
    if not held:
        raise PermissionDenied
    campaign, now = current(request), timezone.now()
    if campaign is None:
        return render(request, "weekly/board/empty.html", {"campaign": None})
    offered = choices(campaign, reader, now)
    if not offered.weeks:
        return render(request, "weekly/board/empty.html", {"campaign": campaign})
    shown = board(campaign, asked(request.GET, offered, reader), offered, reader, now)
    page = Paginator(shown.lines or [], N_ROWS_A_PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "board": shown,
        "offered": offered,
        "page": page,
        "rows": drawing.rows(shown, list(page.object_list), page.start_index()),
        "feet": drawing.feet(shown),
        "packed": drawing.packed(shown),
        "rate_names": RATE_NAMES,
        "legend": [(letter, SIGNS[letter], word) for letter, word in words().items() if letter in LETTERS],
        "states": [(standing.value, standing.label) for standing in LETTERS.values()],
        "may_urge": not steered_by(reader).is_empty,
        "may_meet": bool(held & {scope.REVIEW, scope.OVERSEE}),
        "may_export": may_export(reader, held),
        "query": shown.asked.query,
    }
    return render(request, "weekly/board/board.html", context)


@require_GET
def board_cell(request: http.HttpRequest, pk: int, number: int) -> http.HttpResponse:
    """Lead to the report of a unit for the week of that number."""
    return redirect("weekly:report-detail", pk=_report(request, pk, number).pk)


@require_GET
def board_story(request: http.HttpRequest, pk: int, number: int) -> http.HttpResponse:
    """Tell what became of one report, as the line below the board shows it. Queries: at most four."""
    report = _report(request, pk, number)
    context = {"report": report, "now": timezone.now(), "urging": last_urging(report)}
    return render(request, "weekly/board/_story.html", context)


@require_POST
def board_export(request: http.HttpRequest) -> http.HttpResponse:
    """Hand out the board as it is filtered, as a file."""
    reader = person(request)
    if not may_export(reader, scope.held(reader)):
        raise PermissionDenied
    campaign, now = current(request), timezone.now()
    if campaign is None:
        raise http.Http404
    name = request.POST.get("format", "")
    offered = choices(campaign, reader, now)
    wanted = asked(request.GET, offered, reader)
    try:
        return handing_out.handed_out(
            wanted, offered, name if name in FORMATS else "xlsx", actor=reader, campaign=campaign, now=now
        )
    except RuleError as refused:
        messages.error(request, str(refused.message))
        return redirect(f"{reverse('weekly:board')}?{wanted.query}")


def _report(request: http.HttpRequest, pk: int, number: int) -> WeeklyReport:
    """Return the report of a unit in the campaign on screen. Raises: Http404."""
    visible = WeeklyReport.objects.visible_to(request.user).of_campaign(current(request))
    named = visible.select_related("unit", "period__campaign", "filed_by", "returned_by", "accepted_by")
    report: WeeklyReport = scope.get_or_404(named, unit=pk, period__number=number)
    return report
