"""The steps of reports' lives."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.weekly.models.report import WeeklyReport


class Step(models.TextChoices):
    """What may happen to an owed report."""

    FILE = "file", _("filed")
    ZERO = "zero", _("filed as a zero report")
    RETURN = "return", _("returned")
    ACCEPT = "accept", _("accepted")
    REOPEN = "reopen", _("reopened")
    SIGN = "sign", _("signed")
    EXTEND = "extend", _("extended")
    EXCUSE = "excuse", _("excused")
    ASK = "ask", _("more time asked for")
    REFUSE = "refuse", _("request declined")


class ReportStep(models.Model):
    """One row = one step in a report's life: who, when, why, with what content."""

    report = models.ForeignKey(
        WeeklyReport, on_delete=models.PROTECT, related_name="steps", verbose_name=_("weekly report")
    )
    step = models.CharField(_("step"), max_length=8, choices=Step.choices)
    version = models.PositiveIntegerField(_("version"))
    # Empty: the clock did it.
    actor = models.ForeignKey("units.Account", on_delete=models.PROTECT, null=True, verbose_name=_("person"))
    note = models.CharField(_("reason"), max_length=500, blank=True)
    content = models.JSONField(_("content"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["report", "id"]
        verbose_name = _("step of a report")
        verbose_name_plural = _("steps of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "version"],
                name="report_step_version_once",
                violation_error_message=_("This version of the report has its step already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.step}"
