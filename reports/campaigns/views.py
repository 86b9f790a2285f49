"""The page of a campaign's periods: what has been, what comes, and why each date is what it is."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from reports.campaigns.current import current
from reports.campaigns.models import Campaign
from reports.campaigns.opening import coming
from reports.campaigns.showing import Line, of_bounds, of_period
from units import scope


def period_list(request: HttpRequest) -> HttpResponse:
    """Show the periods of the campaign on screen. Queries: five, beside those of the frame."""
    if not scope.held(request.user):
        raise PermissionDenied
    campaign = current(request)
    lines = _lines(campaign) if campaign is not None else []
    context = {
        "campaign": campaign,
        "ahead": [line for line in lines if line.is_ahead],
        "behind": [line for line in reversed(lines) if not line.is_ahead],
        "has_unknown_years": any(line.is_plain for line in lines if line.is_ahead or line.is_running),
    }
    return render(request, "campaigns/periods.html", context)


def _lines(campaign: Campaign) -> list[Line]:
    """Return stored and coming periods as one list, oldest first."""
    now = timezone.now()
    today = campaign.today(now)
    stored = [of_period(period, today=today) for period in campaign.periods.weekly().order_by("number")]
    return [*stored, *(of_bounds(campaign, one) for one in coming(campaign, now=now))]
