"""Questions about owed reports."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from reports.campaigns.models import Campaign, Filing, Period
from reports.weekly.standings import Standing, condition
from units import scope

if TYPE_CHECKING:
    pass

# A campaign that asks for records alone gets a text only with a zero report.
HAS_TEXT = Q(is_zero=True) | ~Q(period__campaign__filing=Filing.RECORDS)
TO_REVIEW = HAS_TEXT & Q(filed_at__isnull=False, accepted_at=None)


class WeeklyReportQuerySet(models.QuerySet["WeeklyReport"]):
    """Owed reports by reach and by what has been done about them."""

    def visible_to(self, user: scope.Person) -> WeeklyReportQuerySet:
        """Keep the reports of units of which `user` may read anything."""
        return self.filter(scope.reach(user, *scope.READ).condition("unit__path"))

    def fileable_by(self, user: scope.Person) -> WeeklyReportQuerySet:
        """Keep the reports of units for which `user` reports."""
        return self.filter(scope.reach(user, scope.REPORT).condition("unit__path"))

    def open(self) -> WeeklyReportQuerySet:
        """Keep what is still owed."""
        return self.filter(filed_at__isnull=True, excused_at__isnull=True)

    def filed(self) -> WeeklyReportQuerySet:
        """Keep what has been filed, in time or late."""
        return self.filter(filed_at__isnull=False)

    def reviewable_by(self, user: scope.Person) -> WeeklyReportQuerySet:
        """Keep the reports of units that `user` reviews."""
        return self.filter(scope.reach(user, scope.REVIEW).condition("unit__path"))

    def to_review(self) -> WeeklyReportQuerySet:
        """Keep what is filed and neither accepted nor made of records alone, the oldest filing first."""
        return self.filter(TO_REVIEW).order_by("filed_at", "pk")

    def waiting_for(self, user: scope.Person) -> WeeklyReportQuerySet:
        """Keep what waits for this reviewer: nobody accepts what they filed themselves."""
        return self.reviewable_by(user).to_review().exclude(filed_by=user.pk)

    def counted_for(self, user: scope.Person) -> tuple[int, int]:
        """Return how many reports wait for this reviewer, and how many ask for more time. Queries: two."""
        waiting = TO_REVIEW & ~Q(filed_by=user.pk) if user.pk else TO_REVIEW
        found = self.reviewable_by(user).aggregate(
            n_waiting=models.Count("pk", filter=waiting), n_requests=models.Count("asked_at")
        )
        return found["n_waiting"], found["n_requests"]

    def asking(self) -> WeeklyReportQuerySet:
        """Keep those for which more time is asked, the oldest request first."""
        return self.filter(asked_at__isnull=False).order_by("asked_at", "pk")

    def to_sign(self) -> WeeklyReportQuerySet:
        """Keep what is filed and waits for the unit head's signature, the oldest week first."""
        asked = self.filed().filter(HAS_TEXT, period__campaign__asks_signature=True, signed_at=None)
        return asked.order_by("period__starts_on", "unit__path")

    def standing(self, standing: Standing, now: dt.datetime) -> WeeklyReportQuerySet:
        """Keep what stands so at the aware moment `now`."""
        return self.filter(condition(standing, now))

    def counted(self) -> tuple[int, int]:
        """Return how many reports these are, and how many of them are filed. Queries: one."""
        found = self.aggregate(n_owed=models.Count("pk"), n_filed=models.Count("filed_at"))
        return found["n_owed"], found["n_filed"]

    def of_campaign(self, campaign: Campaign | None) -> WeeklyReportQuerySet:
        """Keep the reports of one campaign; of none where there is no campaign yet."""
        return self.none() if campaign is None else self.filter(period__campaign=campaign)

    def of_week(self, number: int, weeks: list[Period]) -> WeeklyReportQuerySet:
        """Keep the reports of the week of that number out of a campaign's `weeks`, in the tree's order."""
        # By the period's own number, so that the order needs no more than the index of the tree.
        return self.filter(period__in=[week for week in weeks if week.number == number]).order_by(
            "unit__path"
        )

    def latest_first(self) -> WeeklyReportQuerySet:
        """Sort the latest week on top, inside it by the tree."""
        return self.order_by("-period__starts_on", "unit__path")

    def with_names(self) -> WeeklyReportQuerySet:
        """Fetch along what a line of a list shows."""
        return self.select_related("unit__kind", "period__campaign", "filed_by")

    def with_people(self) -> WeeklyReportQuerySet:
        """Fetch along who has done what about a report."""
        people = (f"{deed}_by" for deed in ("signed", "returned", "accepted", "excused", "asked"))
        return self.with_names().select_related(*people)
