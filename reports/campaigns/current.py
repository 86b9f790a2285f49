"""Which campaign a person is looking at."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from reports.campaigns.models import Campaign

SESSION_KEY = "campaign"


def current(request: HttpRequest) -> Campaign | None:
    """Return the campaign chosen in this session, else the running one that began last, else the last one."""
    chosen = request.session.get(SESSION_KEY)
    if chosen is not None:
        found: Campaign | None = Campaign.objects.filter(pk=chosen).first()
        if found is not None:
            return found
    return Campaign.objects.running_on(timezone.localdate()).first() or Campaign.objects.first()


def choose(request: HttpRequest, campaign: Campaign) -> None:
    """Remember the campaign for this session."""
    request.session[SESSION_KEY] = campaign.pk
