"""Questions about records, chainable and named as adjectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from reports.campaigns.models import Period
from reports.records.states import Status
from units import scope

if TYPE_CHECKING:
    pass


class RecordQuerySet(models.QuerySet["ActivityRecord"]):
    """Activity records by reach, status and time."""

    def visible_to(self, user: scope.Person) -> RecordQuerySet:
        """Keep the records of units that `user` may read; a draft is seen by its own unit alone."""
        own = scope.reach(user, scope.REPORT, scope.SIGN).condition("unit__path")
        others = scope.reach(user, scope.REVIEW, scope.OVERSEE).condition("unit__path")
        return self.filter(own | (others & ~models.Q(status=Status.DRAFT)))

    def editable_by(self, user: scope.Person) -> RecordQuerySet:
        """Keep the records of units for which `user` reports, whatever their status."""
        return self.filter(scope.reach(user, scope.REPORT).condition("unit__path"))

    def reviewable_by(self, user: scope.Person) -> RecordQuerySet:
        """Keep the records of units that `user` reviews, drafts left out."""
        return self.filter(scope.reach(user, scope.REVIEW).condition("unit__path")).exclude(
            status=Status.DRAFT
        )

    def waiting(self) -> RecordQuerySet:
        """Keep what waits for a reviewer, oldest submission first."""
        return self.filter(status=Status.SUBMITTED).order_by("submitted_at", "id")

    def returned(self) -> RecordQuerySet:
        """Keep what was returned and waits for the unit, latest decision first."""
        return self.filter(status=Status.RETURNED).order_by("-decided_at", "-id")

    def approved(self) -> RecordQuerySet:
        """Keep what the statistics count."""
        return self.filter(status=Status.APPROVED)

    def in_period(self, period: Period) -> RecordQuerySet:
        """Keep the records of one period."""
        return self.filter(period=period)

    def with_names(self) -> RecordQuerySet:
        """Fetch along what a line of a list shows."""
        return self.select_related(
            "unit__kind", "activity_type", "period__campaign", "submitted_by", "decided_by"
        )

    def latest_first(self) -> RecordQuerySet:
        """Sort by day, the latest on top."""
        return self.order_by("-held_on", "-id")
