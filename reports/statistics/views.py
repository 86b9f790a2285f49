"""The statistics page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from reports.campaigns.current import current
from reports.statistics.focus import Focus, on_all, on_unit
from reports.statistics.overview import overview, parts
from reports.statistics.sorting import Sort


def show(request: HttpRequest) -> HttpResponse:
    """Show sessions and attendances of what the person may read, or of one unit of it.

    Queries: the same for 5 and for 5,000 units.
    """
    focus = _focus(request)
    campaign = current(request)
    if campaign is None:
        return render(request, "statistics/no_campaign.html")
    now = timezone.now()
    shown = overview(campaign, focus, today=campaign.today(now))
    sort, page_number = Sort.of(request.GET.get("sort", "")), request.GET.get("page", "1")
    context = {
        "campaign": campaign,
        "focus": focus,
        "shown": shown,
        "parts": parts(campaign, focus, shown.weeks, sort, page_number),
        "now": now,
    }
    return render(request, "statistics/overview.html", context)


def _focus(request: HttpRequest) -> Focus:
    """Return what the address asks for. Raises: PermissionDenied for a person who may read no unit."""
    everything = on_all(request.user)
    if not everything.units:
        raise PermissionDenied
    raw = request.GET.get("unit", "")
    if not raw:
        return everything
    # isascii: "²" is a digit for isdigit and no number for int.
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise Http404
    return on_unit(request.user, int(raw))
