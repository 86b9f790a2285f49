"""Questions about owed reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from units import scope

if TYPE_CHECKING:
    pass


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
        return self.filter(filed_at__isnull=True)

    def filed(self) -> WeeklyReportQuerySet:
        """Keep what has been filed, in time or late."""
        return self.filter(filed_at__isnull=False)
