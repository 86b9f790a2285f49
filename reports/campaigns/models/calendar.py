"""The working-day calendar, which is data: a year after the other, as the State Council announces it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CalendarYear(models.Model):
    """One row = one year whose holidays and make-up working days are known."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    sources = models.JSONField(_("announced in"), default=list, blank=True)
    loaded_at = models.DateTimeField(_("loaded at"), default=timezone.now)
    # Empty: it came with the portal.
    loaded_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("loaded by")
    )

    class Meta:
        ordering = ["-year"]
        verbose_name = _("year of the calendar")
        verbose_name_plural = _("working-day calendar")

    def __str__(self) -> str:
        return str(self.year)


class SpecialDay(models.Model):
    """One row = one day that is not what its weekday says."""

    # CASCADE: a year is loaded anew as a whole.
    year = models.ForeignKey(
        CalendarYear, on_delete=models.CASCADE, related_name="days", verbose_name=_("year")
    )
    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=40)
    is_off = models.BooleanField(_("day off"))

    class Meta:
        ordering = ["day"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
