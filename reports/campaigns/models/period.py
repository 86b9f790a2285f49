"""The periods of a campaign."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models.campaign import CADENCES, Campaign
from reports.campaigns.periods import Cadence, weekday_in
from reports.campaigns.querysets import PeriodQuerySet


class Period(models.Model):
    """One row = one reporting period of a campaign; number 0 stands for the whole campaign."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="periods", verbose_name=_("campaign")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    # That of the campaign when the period opened: a later change gives no stored period another name.
    cadence = models.CharField(
        _("cadence"), max_length=12, choices=CADENCES, default=Cadence.WEEKLY.value, editable=False
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    due_at = models.DateTimeField(_("due at"))
    close_at = models.DateTimeField(_("closes at"))
    # Why it is due when it is: the day by the rule, the holiday that moved it, and whether anybody knew.
    planned_due_on = models.DateField(_("due by the rule on"), null=True, blank=True, editable=False)
    moved_for = models.CharField(_("moved for"), max_length=40, blank=True, editable=False)
    is_plain = models.BooleanField(_("without a calendar"), default=False, editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "number"]
        verbose_name = _("period")
        verbose_name_plural = _("periods")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="period_number_once",
                violation_error_message=_("The campaign has a period of this number already."),
            ),
            models.CheckConstraint(
                name="period_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A period ends on or after the day on which it starts."),
            ),
            models.CheckConstraint(
                name="period_closes_after_due",
                condition=Q(close_at__gte=F("due_at")),
                violation_error_message=_("A period closes at or after its due moment."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def is_whole(self) -> bool:
        """Say whether the row stands for the whole campaign."""
        return self.number == 0

    @property
    def label(self) -> str:
        """Return what the period is called on a page: “Week 12”, “Period 3”, or “So far”."""
        if self.is_whole:
            return str(_("so far"))
        words = _("Week %(number)d") if self.cadence == Cadence.WEEKLY else _("Period %(number)d")
        return words % {"number": self.number}

    @property
    def digest_at(self) -> dt.datetime:
        """Return the moment at which this period's digest goes out: its weekday after the period's end."""
        campaign = self.campaign
        day = weekday_in(self.ends_on + dt.timedelta(days=1), campaign.digest_weekday)
        return dt.datetime.combine(day, campaign.digest_time, campaign.zone)
