"""What has been typed about a report and not been filed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.weekly.models.report import WeeklyReport


class ReportDraft(models.Model):
    """One row = what one person has typed into the form of one report and not filed.

    Nothing official: no audit row, no step. It goes when the report is filed with it, when its person
    throws it away, or after 30 days.
    """

    # A scratch paper goes with its person or its report.
    person = models.ForeignKey(
        "units.Account", on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    report = models.ForeignKey(
        WeeklyReport, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("weekly report")
    )
    fields = models.JSONField(_("typed"), default=dict)
    # Rises with each save, so that a save that was overtaken on its way changes nothing.
    sequence = models.PositiveBigIntegerField(_("sequence"), default=0)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-saved_at", "-id"]
        verbose_name = _("unfiled report")
        verbose_name_plural = _("unfiled reports")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "report"],
                name="report_draft_once",
                violation_error_message=_("This person has kept this report already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.report_id}"
