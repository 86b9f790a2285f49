"""What every page's frame shows: asked of the database once, and only where a template uses it."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from portal.navigation import Link, links_for
from reports.campaigns.current import current
from reports.campaigns.models import Campaign, Period
from units import scope
from units.models import Unit


class Frame:
    """The top bar and the navigation of one request.

    Queries: at most six, whatever is stored.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.now: dt.datetime = timezone.now()

    @cached_property
    def bureau(self) -> str:
        """Return the name of the bureau at the root of the tree, else the portal's own."""
        roots = Unit.objects.filter(parent=None, kind__is_reporting=False)
        return roots.in_tree_order().values_list("name", flat=True).first() or str(settings.PORTAL_NAME)

    @cached_property
    def campaigns(self) -> list[Campaign]:
        """Return the campaigns to choose from, the latest first."""
        return list(Campaign.objects.all())

    @cached_property
    def campaign(self) -> Campaign | None:
        """Return the campaign on screen."""
        return current(self._request)

    @cached_property
    def period(self) -> Period | None:
        """Return the running week of the campaign on screen, else its last one."""
        if self.campaign is None:
            return None
        weeks = self.campaign.periods.weekly().filter(starts_on__lte=self.campaign.today(self.now))
        last: Period | None = weeks.order_by("-number").first()
        return last

    @cached_property
    def held(self) -> frozenset[str]:
        """Return the permissions on units that the person holds anywhere."""
        return scope.held(self._request.user)

    @property
    def may_report(self) -> bool:
        """Say whether the person reports for any unit."""
        return scope.REPORT in self.held

    @cached_property
    def links(self) -> list[Link]:
        """Return the navigation, only with what the person may use."""
        return links_for(self._request, self.held)

    @property
    def language_offered(self) -> tuple[str, str]:
        """Return code and name of the language that the switch leads to."""
        shown = getattr(self._request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        others = [language for language in settings.LANGUAGES if language[0] != shown]
        return others[0]


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the frame of this request."""
    return {"frame": Frame(request)}
