"""What a campaign asks for: types of activity and their indicators."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.campaigns.designs import COUNTED, Heads, Kind
from reports.campaigns.models.campaign import Campaign
from reports.campaigns.querysets import ActivityTypeQuerySet, IndicatorQuerySet

# The built-in indicator of every type: how many records there are.
RECORDS = "records"
KIND_CHOICES = [
    (Kind.NUMBER.value, pgettext_lazy("kind of indicator", "number")),
    (Kind.YES_NO.value, _("yes or no")),
    (Kind.CHOICE.value, _("choice")),
    (Kind.TEXT.value, _("text")),
]
HEADS_CHOICES = [
    (Heads.STAFF.value, _("staff")),
    (Heads.PARTY_MEMBERS.value, _("party members")),
    (Heads.STUDENTS.value, _("students")),
    (Heads.EVERYBODY.value, _("staff and students")),
]
LONGEST_OPTION = 60


def check_options(options: object) -> None:
    """Refuse a list of options that is no list of different, short texts."""
    if not isinstance(options, list) or not all(isinstance(option, str) for option in options):
        raise ValidationError(_("Write one option per line."))
    if any(not option.strip() or len(option) > LONGEST_OPTION for option in options):
        raise ValidationError(_("An option has 1 to %(most)d characters."), params={"most": LONGEST_OPTION})
    if len(set(options)) < len(options):
        raise ValidationError(_("Two options are the same; write each once."))


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
    shows_place = models.BooleanField(_("asks for the place"), default=True)
    shows_speaker = models.BooleanField(_("asks for the speaker"), default=False)
    shows_topic = models.BooleanField(_("asks for the topic"), default=False)
    shows_tags = models.BooleanField(_("asks for tags"), default=False)
    modes = models.JSONField(_("modes to choose from"), default=list, blank=True, validators=[check_options])
    shows_attachments = models.BooleanField(_("takes photos and files"), default=True)
    n_attachments = models.PositiveSmallIntegerField(
        _("files at least"), default=0, validators=[MaxValueValidator(10)]
    )
    needs_second_review = models.BooleanField(
        _("second review"), default=False, help_text=_("Two reviewers have to agree before a record counts.")
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
    """One row = one number, choice or short text that an activity type asks for.

    A decimal one is stored in its smallest unit: with `decimals` 2, the value 1250 means 12.50. All limits
    are in that smallest unit too. Past the hard limits nothing is taken; past the soft ones a reason is
    asked for. Of a shared one, a joint event has one value, which its host enters.
    """

    activity_type = models.ForeignKey(
        ActivityType, on_delete=models.PROTECT, related_name="indicators", verbose_name=_("activity type")
    )
    code = models.SlugField(_("code"), max_length=40, validators=[RegexValidator(r"^[a-z][a-z0-9_]*$")])
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=6, choices=KIND_CHOICES, default=Kind.NUMBER.value)
    options = models.JSONField(_("options"), default=list, blank=True, validators=[check_options])
    unit_of_measure = models.CharField(_("unit of measure"), max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0, validators=[MaxValueValidator(4)])
    is_required = models.BooleanField(_("required"), default=True)
    minimum = models.BigIntegerField(_("at least"), default=0)
    maximum = models.BigIntegerField(_("at most"), default=1_000_000_000)
    soft_minimum = models.BigIntegerField(_("below this a reason"), null=True, blank=True)
    soft_maximum = models.BigIntegerField(_("above this a reason"), null=True, blank=True)
    heads = models.CharField(
        _("above these heads a reason"),
        max_length=13,
        choices=HEADS_CHOICES,
        blank=True,
        help_text=_("More than the unit has of them, for each session, needs a reason."),
    )
    is_shared = models.BooleanField(_("once per joint event"), default=False)
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
                name="indicator_kind_known",
                condition=Q(kind__in=[kind.value for kind in Kind]),
                violation_error_message=_("An indicator is a number, yes or no, a choice or a text."),
            ),
            models.CheckConstraint(
                name="indicator_heads_known",
                condition=Q(heads__in=["", *(heads.value for heads in Heads)]),
                violation_error_message=_("Attendances are held against staff, party members or students."),
            ),
            models.CheckConstraint(
                name="indicator_soft_limits_in_order",
                condition=Q(soft_minimum__isnull=True)
                | Q(soft_maximum__isnull=True)
                | Q(soft_maximum__gte=F("soft_minimum")),
                violation_error_message=_("The upper soft limit is below the lower one."),
            ),
            models.CheckConstraint(
                name="indicator_choice_has_options",
                condition=~Q(kind=Kind.CHOICE.value) | ~Q(options=[]),
                violation_error_message=_("A choice needs options to choose from."),
            ),
            models.CheckConstraint(
                name="indicator_decimals_known",
                condition=Q(decimals__lte=4),
                violation_error_message=_("An indicator has 0 to 4 decimals."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_counted(self) -> bool:
        """Say whether what is entered is an integer that can be added up."""
        return self.kind in COUNTED
