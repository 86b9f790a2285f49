"""Questions about campaigns, periods and types."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    pass


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns by time."""

    def running_on(self, day: dt.date) -> CampaignQuerySet:
        """Keep the campaigns that have begun by `day` and are not over."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class PeriodQuerySet(models.QuerySet["Period"]):
    """Periods by kind and time."""

    def weekly(self) -> PeriodQuerySet:
        """Keep the reporting periods; drop the one that stands for the whole campaign."""
        return self.filter(number__gt=0)

    def containing(self, day: dt.date) -> PeriodQuerySet:
        """Keep the reporting periods that hold `day`."""
        return self.weekly().filter(starts_on__lte=day, ends_on__gte=day)


class ActivityTypeQuerySet(models.QuerySet["ActivityType"]):
    """Types that can be chosen."""

    def offered(self) -> ActivityTypeQuerySet:
        """Keep the types that are not retired, in the bureau's order."""
        return self.filter(is_retired=False).order_by("position", "id")

    def for_forms(self) -> ActivityTypeQuerySet:
        """Fetch along what a form and the verbs behind it ask of a type."""
        return self.select_related("campaign").prefetch_related("indicators")


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Indicators that are asked for."""

    def in_order(self) -> IndicatorQuerySet:
        """Sort as the form does."""
        return self.order_by("position", "id")

    def asked(self) -> IndicatorQuerySet:
        """Keep the indicators that are not retired, in the form's order."""
        return self.filter(is_retired=False).order_by("position", "id")
