"""Questions about records, chainable and named as adjectives."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

from reports.campaigns.models import Campaign, Period
from reports.records.states import Status
from units import scope
from units.models import Account, TeamUnit, Unit
from units.querysets import subtrees

if TYPE_CHECKING:
    from reports.records.models import ActivityRecord


@dataclass(frozen=True, slots=True)
class Choice:
    """What a list of records is narrowed down to; empty and 0 mean everything."""

    status: str = ""
    type_code: str = ""
    week: int = 0
    kind: int = 0
    team: int = 0
    words: str = ""


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

    def overseen_by(self, user: scope.Person) -> RecordQuerySet:
        """Keep what units within `user`'s review or oversight have ever handed in."""
        return self.overseen_within(scope.reach(user, scope.REVIEW, scope.OVERSEE))

    def overseen_within(self, reach: scope.Reach) -> RecordQuerySet:
        """Keep what units within this reach have ever handed in."""
        handed_in = self.filter(submitted_at__isnull=False).exclude(status=Status.DRAFT)
        return handed_in.filter(reach.condition("unit__path"))

    def waiting(self) -> RecordQuerySet:
        """Keep what waits for a reviewer, oldest submission first."""
        return self.filter(status=Status.SUBMITTED).order_by("submitted_at", "id")

    def returned(self) -> RecordQuerySet:
        """Keep what was returned and waits for the unit, latest decision first."""
        return self.filter(status=Status.RETURNED).order_by("-decided_at", "-id")

    def approved(self) -> RecordQuerySet:
        """Keep what the statistics count."""
        return self.filter(status=Status.APPROVED)

    def of_campaign(self, campaign: Campaign) -> RecordQuerySet:
        """Keep the records of one campaign."""
        return self.filter(activity_type__campaign=campaign)

    def of_unit(self, unit: Unit) -> RecordQuerySet:
        """Keep what the unit itself reported, void records left out."""
        return self.filter(unit=unit).exclude(status=Status.VOID)

    def narrowed(self, choice: Choice) -> RecordQuerySet:
        """Keep the records of the chosen status, type, week, kind of unit and team, as far as chosen."""
        wanted: dict[str, object] = {
            "status": choice.status,
            "activity_type__code": choice.type_code,
            "period__number": choice.week,
            "unit__kind": choice.kind,
        }
        found = self.filter(**{name: value for name, value in wanted.items() if value})
        return found.covered_by(choice.team) if choice.team else found

    def covered_by(self, team: int) -> RecordQuerySet:
        """Keep the records of the units that a team covers, and of those below them. Queries: one."""
        covered = TeamUnit.objects.filter(team=team).values_list("unit__path", flat=True)
        return self.filter(subtrees(covered, "unit__path"))

    def n_of_type(self) -> models.Subquery:
        """Return how many of the records each type of an outer query has, none where it has none."""
        of_type = self.filter(activity_type=models.OuterRef("pk")).order_by().values("activity_type")
        return models.Subquery(of_type.annotate(n_records=models.Count("pk")).values("n_records"))

    def of_form(self, author: Account, key: uuid.UUID, record: ActivityRecord | None) -> ActivityRecord:
        """Return the stored row behind a form: that of `record`, else the one that the form's key made."""
        rows = self.with_names().with_indicators()
        return rows.get(pk=record.pk) if record else rows.get(author=author, key=key)

    def in_period(self, period: Period) -> RecordQuerySet:
        """Keep the records of one period."""
        return self.filter(period=period)

    def with_names(self) -> RecordQuerySet:
        """Fetch along what a line of a list shows."""
        return self.select_related(
            "unit__kind", "activity_type", "period__campaign", "submitted_by", "decided_by"
        )

    def with_lines(self) -> RecordQuerySet:
        """Fetch along what a line of the review queue shows, and leave the long text where it is."""
        named = self.select_related("unit", "activity_type", "assigned_to").prefetch_related("form")
        return named.defer("text")

    def with_indicators(self) -> RecordQuerySet:
        """Fetch along what names and measures the numbers of each record."""
        return self.prefetch_related("form")

    def latest_first(self) -> RecordQuerySet:
        """Sort by day, the latest on top."""
        return self.order_by("-held_on", "-id")
