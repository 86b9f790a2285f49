"""Campaigns, their periods and what they ask for."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reports.campaigns.periods import Rule, local_day, weekday_in
from reports.campaigns.querysets import (
    ActivityTypeQuerySet,
    CampaignQuerySet,
    IndicatorQuerySet,
    PeriodQuerySet,
)

# The built-in indicator of every type: how many records there are.
RECORDS = "records"


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


class Campaign(models.Model):
    """One row = one campaign with its time, its cadence and its rule for deadlines."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[check_zone]
    )
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

    @property
    def rule(self) -> Rule:
        """Return the campaign's rule for cutting time, for the pure week arithmetic."""
        return Rule(self.first_weekday, self.due_weekday, self.due_time, self.n_grace_days, self.zone)

    def today(self, now: dt.datetime) -> dt.date:
        """Return the campaign's calendar day at the aware moment `now`."""
        return local_day(now, self.zone)


class Period(models.Model):
    """One row = one reporting period of a campaign; number 0 stands for the whole campaign."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="periods", verbose_name=_("campaign")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    due_at = models.DateTimeField(_("due at"))
    close_at = models.DateTimeField(_("closes at"))

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
        """Return what the period is called on a page: “Week 12”, or “So far”."""
        if self.is_whole:
            return str(_("so far"))
        return _("Week %(number)d") % {"number": self.number}

    @property
    def digest_at(self) -> dt.datetime:
        """Return the moment at which this period's digest goes out: its weekday after the period's end."""
        campaign = self.campaign
        day = weekday_in(self.ends_on + dt.timedelta(days=1), campaign.digest_weekday)
        return dt.datetime.combine(day, campaign.digest_time, campaign.zone)


class ActivityType(models.Model):
    """One row = one kind of activity with its form (宣讲, 专题党课, …)."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="types", verbose_name=_("campaign")
    )
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    guidance = models.CharField(_("guidance"), max_length=300, blank=True)
    is_required = models.BooleanField(
        _("prescribed"), default=True, help_text=_("Off: the unit's own choice.")
    )
    n_minutes = models.PositiveSmallIntegerField(_("minutes to fill in"), default=3)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = ActivityTypeQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "position", "id"]
        verbose_name = _("activity type")
        verbose_name_plural = _("activity types")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "code"],
                name="activity_type_code_once",
                violation_error_message=_("The campaign has a type of this code already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """One row = one number that an activity type asks for.

    A decimal one is stored in its smallest unit: with `decimals` 2, the value 1250 means 12.50. The
    limits `minimum` and `maximum` are in that smallest unit too.
    """

    activity_type = models.ForeignKey(
        ActivityType, on_delete=models.PROTECT, related_name="indicators", verbose_name=_("activity type")
    )
    code = models.SlugField(_("code"), max_length=40, validators=[RegexValidator(r"^[a-z][a-z0-9_]*$")])
    name = models.CharField(_("name"), max_length=60)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0, validators=[MaxValueValidator(4)])
    is_required = models.BooleanField(_("required"), default=True)
    minimum = models.BigIntegerField(_("at least"), default=0)
    maximum = models.BigIntegerField(_("at most"), default=1_000_000_000)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(_("retired"), default=False)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["activity_type", "position", "id"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(
                fields=["activity_type", "code"],
                name="indicator_code_once",
                violation_error_message=_("The type has an indicator of this code already."),
            ),
            models.CheckConstraint(
                name="indicator_code_not_builtin",
                condition=~Q(code=RECORDS),
                violation_error_message=_("“records” is counted for every type already."),
            ),
            models.CheckConstraint(
                name="indicator_limits_in_order",
                condition=Q(maximum__gte=F("minimum")),
                violation_error_message=_("The upper limit is below the lower one."),
            ),
            models.CheckConstraint(
                name="indicator_decimals_known",
                condition=Q(decimals__lte=4),
                violation_error_message=_("An indicator has 0 to 4 decimals."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
