"""The dates of campaigns whose periods follow no rule."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models.campaign import Campaign

OVERLAP = _("These days overlap with those of another planned period.")


class PlannedPeriod(models.Model):
    """One row = one period that staff typed in, until it opens; then the Period is what counts."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="planned_periods", verbose_name=_("campaign")
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    due_on = models.DateField(_("due on"), help_text=_("At the campaign's time of day."))
    closes_on = models.DateField(_("last day to file"))

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("planned period")
        verbose_name_plural = _("planned periods")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "starts_on"],
                name="planned_period_start_once",
                violation_error_message=_(
                    "The campaign has a planned period that starts on this day already."
                ),
            ),
            models.CheckConstraint(
                name="planned_period_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A period ends on or after the day on which it starts."),
            ),
            models.CheckConstraint(
                name="planned_period_due_after_start",
                condition=Q(due_on__gte=F("starts_on")),
                violation_error_message=_("A period is due on or after the day on which it starts."),
            ),
            models.CheckConstraint(
                name="planned_period_closes_after_due",
                condition=Q(closes_on__gte=F("due_on")),
                violation_error_message=_("The last day to file is the due day or a later one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def clean(self) -> None:
        """Refuse days outside the campaign, and days that another planned period holds.

        Raises: ValidationError at the field.
        """
        campaign = self.campaign if self.campaign_id else None
        if campaign is None or not self.starts_on or not self.ends_on:
            return
        if not campaign.starts_on <= self.starts_on <= self.ends_on <= campaign.ends_on:
            days = {"first": campaign.starts_on, "last": campaign.ends_on}
            message = _("The campaign lasts from %(first)s to %(last)s; a period lies inside it.")
            raise ValidationError({"starts_on": message % days})
        self._check_opened(campaign)
        if self._others().exists():
            raise ValidationError({"starts_on": OVERLAP})

    def overlaps(self, other: PlannedPeriod) -> bool:
        """Say whether two planned periods share a day."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def is_open_on(self, day: dt.date) -> bool:
        """Say whether the period has begun; then it cannot be changed here any more."""
        return self.starts_on <= day

    def _check_opened(self, campaign: Campaign) -> None:
        """Refuse to plan what would never open, because a stored period holds its first day."""
        stored = campaign.periods.filter(number__gt=0)
        last = stored.order_by("-number").first()
        if last is None or self.starts_on > last.ends_on or stored.filter(starts_on=self.starts_on).exists():
            return
        message = _("%(period)s has opened and lasts until %(day)s; plan from the day after.")
        raise ValidationError({"starts_on": message % {"period": last, "day": last.ends_on}})

    def _others(self) -> models.QuerySet[PlannedPeriod]:
        """Return the campaign's planned periods that share a day with this one."""
        others = PlannedPeriod.objects.filter(campaign=self.campaign_id).exclude(pk=self.pk)
        return others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on)
