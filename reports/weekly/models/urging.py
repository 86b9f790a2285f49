"""What was urged."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.weekly.models.report import WeeklyReport


class Urging(models.Model):
    """One row = one owed report urged once, by whom; its liaisons see it until the report is filed."""

    report = models.ForeignKey(
        WeeklyReport, on_delete=models.PROTECT, related_name="urgings", verbose_name=_("weekly report")
    )
    urged_by = models.ForeignKey("units.Account", on_delete=models.PROTECT, verbose_name=_("urged by"))
    # Who was told: by mail, and by the notice in the portal alone.
    n_mailed = models.PositiveSmallIntegerField(_("people mailed"), default=0)
    n_unmailed = models.PositiveSmallIntegerField(_("people without an address"), default=0)
    at = models.DateTimeField(_("urged at"), default=timezone.now)

    class Meta:
        ordering = ["report", "id"]
        verbose_name = _("urging")
        verbose_name_plural = _("urgings")
        indexes = [models.Index(fields=["report", "-at"], name="urging_by_report")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.at:%Y-%m-%d %H:%M}"
