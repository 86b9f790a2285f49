"""Joint events: one activity of several units."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JointEvent(models.Model):
    """One row = one activity that several units held together; each adds a record of its own to it.

    The host's record holds what counts once, such as the sessions; the others add their attendances. Which
    indicators count once is said by the type (`Indicator.is_shared`).
    """

    activity_type = models.ForeignKey(
        "campaigns.ActivityType", on_delete=models.PROTECT, verbose_name=_("activity type")
    )
    host = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("host"),
        help_text=_("Its record counts the sessions; every other unit adds its attendances alone."),
    )
    held_on = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place"), max_length=120, blank=True)
    is_for_all = models.BooleanField(
        _("for all units"), default=False, help_text=_("Off: for the host and the units that it names.")
    )
    is_open = models.BooleanField(
        _("open to join"), default=True, help_text=_("Off: nobody joins any more; who has joined stays.")
    )
    co_hosts = models.ManyToManyField(
        "units.Unit", through="CoHost", related_name="+", verbose_name=_("co-hosts"), editable=False
    )
    founded_by = models.ForeignKey(
        "units.Account",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("founded by"),
    )
    founded_at = models.DateTimeField(_("founded at"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["-held_on", "-id"]
        verbose_name = _("joint event")
        verbose_name_plural = _("joint events")
        constraints = [
            models.CheckConstraint(
                name="joint_event_has_title",
                condition=~Q(title=""),
                violation_error_message=_("Give the event a title."),
            )
        ]
        indexes = [
            models.Index(
                fields=["activity_type"],
                name="joint_event_for_all",
                condition=Q(is_for_all=True, is_open=True),
            )
        ]

    def __str__(self) -> str:
        return self.title


class CoHost(models.Model):
    """One row = one unit that took part in a joint event and may add its record."""

    # CASCADE: being part of an event means nothing without it.
    event = models.ForeignKey(JointEvent, on_delete=models.CASCADE, verbose_name=_("joint event"))
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))

    class Meta:
        ordering = ["event", "unit"]
        verbose_name = _("co-host")
        verbose_name_plural = _("co-hosts")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "unit"],
                name="co_host_once",
                violation_error_message=_("This unit is part of the event already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.event}: {self.unit}"
