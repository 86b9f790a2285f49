"""What a campaign asks for: types of activity and their indicators."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models.campaign import Campaign
from reports.campaigns.querysets import ActivityTypeQuerySet, IndicatorQuerySet

# The built-in indicator of every type: how many records there are.
RECORDS = "records"


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
