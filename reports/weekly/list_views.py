"""The list of the weekly reports, by week and by how they stand."""

from __future__ import annotations

from urllib.parse import urlencode

from django import http
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone

from reports.campaigns.current import current
from reports.campaigns.models import Period
from reports.weekly.models import Standing, WeeklyReport
from units import scope
from units.paging import CappedPaginator

N_REPORTS_A_PAGE = 50


def report_list(request: http.HttpRequest) -> http.HttpResponse:
    """Show the reports that the person may read, the latest week on top; one week or standing where asked."""
    if not scope.held(request.user):
        raise PermissionDenied
    campaign, reader, now = current(request), request.user, timezone.now()
    weeks = list(campaign.periods.weekly().select_related("campaign").order_by("-number")) if campaign else []
    is_wide = scope.units(reader, *scope.READ)[: N_REPORTS_A_PAGE + 1].count() > N_REPORTS_A_PAGE
    number = _number(request.GET.get("week", ""), weeks, is_wide=is_wide)
    standing = _standing(request.GET.get("standing", ""))
    visible = WeeklyReport.objects.visible_to(reader).of_campaign(campaign)
    listed = visible.latest_first() if number is None else visible.of_week(number, weeks)
    if standing is not None:
        listed = listed.standing(standing, now)
    context = {
        "campaign": campaign,
        "weeks": weeks,
        "number": number,
        "standing": standing,
        "standings": Standing,
        "offers_all": not is_wide,
        "query": _query(number, standing),
        "page": CappedPaginator(listed.with_names(), N_REPORTS_A_PAGE).get_page(request.GET.get("page", "1")),
        "now": now,
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


def _standing(raw: str) -> Standing | None:
    """Return the standing to show, None for all of them."""
    return Standing(raw) if raw in Standing.values else None


def _query(number: int | None, standing: Standing | None) -> str:
    """Return what the addresses of the other pages begin with."""
    asked = {"week": number, "standing": standing.value if standing else None}
    given = {name: value for name, value in asked.items() if value is not None}
    return f"{urlencode(given)}&" if given else ""
