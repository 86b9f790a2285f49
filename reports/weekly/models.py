"""What each unit owes for each period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.weekly.querysets import WeeklyReportQuerySet


class Standing(models.TextChoices):
    """How an owed report stands at a moment; derived, never stored."""

    OWED = "owed", _("due")
    ON_TIME = "on_time", _("on time")
    LATE = "late", _("late")
    ZERO = "zero", _("zero report")
    MISSING = "missing", _("missing")


class WeeklyReport(models.Model):
    """One row = what one unit owes for one period; made when the period opens, filled in when filed."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, verbose_name=_("unit"))
    period = models.ForeignKey("campaigns.Period", on_delete=models.PROTECT, verbose_name=_("period"))
    is_zero = models.BooleanField(_("zero report"), default=False)
    progress = models.TextField(_("progress"), max_length=5000, blank=True)
    plan = models.TextField(_("next week's plan"), max_length=5000, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    filed_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("filed by")
    )
    filed_at = models.DateTimeField(_("filed at"), null=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        ordering = ["period", "unit"]
        verbose_name = _("weekly report")
        verbose_name_plural = _("weekly reports")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period"],
                name="weekly_report_once",
                violation_error_message=_("The unit owes one report per period."),
            ),
            models.CheckConstraint(
                name="weekly_report_zero_is_filed",
                condition=Q(is_zero=False) | Q(filed_at__isnull=False),
                violation_error_message=_("A zero report is a filed report."),
            ),
            models.CheckConstraint(
                name="weekly_report_zero_has_reason",
                condition=Q(is_zero=False) | ~Q(reason=""),
                violation_error_message=_("A zero report gives a reason."),
            ),
        ]
        indexes = [models.Index(fields=["period", "filed_at"], name="weekly_by_period")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.period}"

    def standing(self, now: dt.datetime) -> Standing:
        """Return how the report stands at the aware moment `now`; the due moment itself is in time."""
        if self.filed_at is None:
            return Standing.OWED if now <= self.period.due_at else Standing.MISSING
        if self.is_zero:
            return Standing.ZERO
        return Standing.ON_TIME if self.filed_at <= self.period.due_at else Standing.LATE

    def is_open_at(self, now: dt.datetime) -> bool:
        """Say whether the report can still be filed at the aware moment `now`."""
        return self.filed_at is None and now <= self.period.close_at

    def holds(self, content: Mapping[str, str]) -> bool:
        """Say whether the report was filed with this very content: names of fields with their texts."""
        return self.filed_at is not None and all(
            getattr(self, name) == text.strip() for name, text in content.items()
        )
