"""Campaigns and their rule for cutting time."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reports.campaigns.periods import Cadence, Rule, local_day
from reports.campaigns.querysets import CampaignQuerySet
from reports.campaigns.workdays import PLAIN, Workdays


def check_zone(name: str) -> None:
    """Refuse a time zone that the system does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone; write one like Asia/Shanghai."), params={"name": name}
        )


class Weekday(models.IntegerChoices):
    """The days of the week, Monday = 0."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


CADENCES = [
    (Cadence.WEEKLY.value, _("every week")),
    (Cadence.FORTNIGHTLY.value, _("every two weeks")),
    (Cadence.MONTHLY.value, _("every month")),
    (Cadence.TYPED.value, _("dates typed in")),
]


class Filing(models.TextChoices):
    """What a unit hands in for a period."""

    REPORT = "report", _("a report or a zero report")
    RECORDS = "records", _("records alone")


class Campaign(models.Model):
    """One row = one campaign with its time, its cadence and its rule for deadlines."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[check_zone]
    )
    cadence = models.CharField(_("cadence"), max_length=12, choices=CADENCES, default="weekly")
    first_weekday = models.PositiveSmallIntegerField(
        _("the week begins on"), choices=Weekday.choices, default=Weekday.MONDAY
    )
    due_weekday = models.PositiveSmallIntegerField(
        _("due on"), choices=Weekday.choices, default=Weekday.FRIDAY
    )
    due_time = models.TimeField(_("due at"), default=dt.time(17, 0))
    n_grace_days = models.PositiveSmallIntegerField(
        _("days from the end of the week to close"), default=7, validators=[MaxValueValidator(365)]
    )
    filing = models.CharField(_("units file"), max_length=8, choices=Filing.choices, default=Filing.REPORT)
    asks_signature = models.BooleanField(_("the unit head signs the report"), default=False)
    n_return_days = models.PositiveSmallIntegerField(
        _("days to correct a returned report"), default=2, validators=[MaxValueValidator(60)]
    )
    # Both empty: every unit of a reporting kind owes reports.
    covered_kinds = models.ManyToManyField(
        "units.UnitKind", blank=True, verbose_name=_("kinds that take part")
    )
    covered_units = models.ManyToManyField("units.Unit", blank=True, verbose_name=_("units that take part"))
    # The day of the last change of who takes part; empty: it has been the same from the beginning.
    covers_since = models.DateField(_("so covered since"), null=True, blank=True, editable=False)
    n_reminder_days = models.PositiveSmallIntegerField(
        _("days from the reminder to the deadline"), default=1, validators=[MaxValueValidator(14)]
    )
    reminder_time = models.TimeField(_("reminder goes out at"), default=dt.time(9, 0))
    digest_weekday = models.PositiveSmallIntegerField(
        _("digest goes out on"), choices=Weekday.choices, default=Weekday.MONDAY
    )
    digest_time = models.TimeField(_("digest goes out at"), default=dt.time(8, 0))

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "id"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                name="campaign_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A campaign ends on or after the day on which it starts."),
            ),
            models.CheckConstraint(
                name="campaign_weekdays_known",
                condition=Q(first_weekday__lte=6, due_weekday__lte=6, digest_weekday__lte=6),
                violation_error_message=_("A weekday is a number from 0 (Monday) to 6."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """Return the time zone in which the campaign's days begin."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def rule(self, workdays: Workdays = PLAIN) -> Rule:
        """Return the campaign's rule for cutting time, for the pure arithmetic of periods."""
        return Rule(
            first_weekday=self.first_weekday,
            due_weekday=self.due_weekday,
            due_time=self.due_time,
            n_grace_days=self.n_grace_days,
            zone=self.zone,
            cadence=Cadence(self.cadence),
            workdays=workdays,
        )

    def today(self, now: dt.datetime) -> dt.date:
        """Return the campaign's calendar day at the aware moment `now`."""
        return local_day(now, self.zone)
