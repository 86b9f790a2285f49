"""What each unit owes for each period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models import Filing
from reports.weekly.querysets import WeeklyReportQuerySet
from reports.weekly.standings import Standing, filed_as, standing_of


class WeeklyReport(models.Model):
    """One row = what one unit owes for one period; made when the period opens, filled in when filed."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, verbose_name=_("unit"))
    period = models.ForeignKey("campaigns.Period", on_delete=models.PROTECT, verbose_name=_("period"))
    # The period's own when the report is made; an extension or a return gives the report later ones.
    due_at = models.DateTimeField(_("due at"))
    close_at = models.DateTimeField(_("closes at"))
    is_zero = models.BooleanField(_("zero report"), default=False)
    progress = models.TextField(_("progress"), max_length=5000, blank=True)
    highlights = models.TextField(_("highlights"), max_length=5000, blank=True)
    problems = models.TextField(_("problems"), max_length=5000, blank=True)
    plan = models.TextField(_("next week's plan"), max_length=5000, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    filed_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("filed by")
    )
    # Empty while the report is owed, also after a return.
    filed_at = models.DateTimeField(_("filed at"), null=True)
    signed_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed at"), null=True)
    returned_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("returned by")
    )
    # Set by a return, empty again once the report is filed anew.
    returned_at = models.DateTimeField(_("returned at"), null=True)
    return_reason = models.CharField(_("reason of the return"), max_length=500, blank=True)
    n_returns = models.PositiveSmallIntegerField(_("times returned"), default=0)
    accepted_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True)
    excused_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("excused by")
    )
    excused_at = models.DateTimeField(_("excused at"), null=True)
    excuse = models.CharField(_("excuse"), max_length=500, blank=True)
    # The open request for more time; granting, declining, filing or excusing takes it off again.
    asked_by = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"), null=True)
    ask_note = models.CharField(_("why more time is needed"), max_length=500, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = WeeklyReportQuerySet.as_manager()

    class Meta:
        ordering = ["period", "unit"]
        verbose_name = _("weekly report")
        verbose_name_plural = _("weekly reports")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period"],
                name="weekly_report_once",
                violation_error_message=_("The unit owes one report per period."),
            ),
            models.CheckConstraint(
                name="weekly_report_zero_is_filed",
                condition=Q(is_zero=False) | Q(filed_at__isnull=False) | Q(returned_at__isnull=False),
                violation_error_message=_("A zero report is a filed report."),
            ),
            models.CheckConstraint(
                name="weekly_report_zero_has_reason",
                condition=Q(is_zero=False) | ~Q(reason=""),
                violation_error_message=_("A zero report gives a reason."),
            ),
            models.CheckConstraint(
                name="weekly_report_closes_after_due",
                condition=Q(close_at__gte=F("due_at")),
                violation_error_message=_("A report closes at or after its due moment."),
            ),
            models.CheckConstraint(
                name="weekly_report_returned_is_owed",
                condition=Q(returned_at=None) | (Q(filed_at=None) & ~Q(return_reason="")),
                violation_error_message=_("A returned report is owed again, and says why."),
            ),
            models.CheckConstraint(
                name="weekly_report_accepted_is_filed",
                condition=Q(accepted_at=None) | Q(filed_at__isnull=False),
                violation_error_message=_("Only a filed report can be accepted."),
            ),
            models.CheckConstraint(
                name="weekly_report_signed_is_filed",
                condition=Q(signed_at=None) | Q(filed_at__isnull=False),
                violation_error_message=_("Only a filed report can be signed."),
            ),
            models.CheckConstraint(
                name="weekly_report_excused_is_open",
                condition=Q(excused_at=None) | (Q(filed_at=None) & ~Q(excuse="")),
                violation_error_message=_("A report is excused while it is owed, and with a reason."),
            ),
            models.CheckConstraint(
                name="weekly_report_asked_is_owed",
                condition=Q(asked_at=None) | Q(filed_at=None, excused_at=None),
                violation_error_message=_("More time is asked for while the report is owed."),
            ),
        ]
        indexes = [
            models.Index(fields=["period", "filed_at"], name="weekly_by_period"),
            # What is owed at a moment, over all periods, is found without reading what is done.
            models.Index(
                fields=["due_at"],
                name="weekly_owed_by_due",
                condition=Q(filed_at__isnull=True, excused_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.period}"

    @property
    def is_in_time(self) -> bool:
        """Say whether the report was filed by its due moment, that moment included."""
        return self.filed_at is not None and self.filed_at <= self.due_at

    @property
    def timing(self) -> Standing | None:
        """Return in which way the report was filed, whatever became of it; None while it is owed."""
        return filed_as(self) if self.filed_at is not None else None

    def standing(self, now: dt.datetime) -> Standing:
        """Return how the report stands at the aware moment `now`."""
        return standing_of(self, now)

    @property
    def is_owed(self) -> bool:
        """Say whether the report is neither filed nor excused."""
        return self.filed_at is None and self.excused_at is None

    @property
    def waits_for_review(self) -> bool:
        """Say whether the report is filed and nobody has accepted it; that of records alone is never."""
        return self.filed_at is not None and self.accepted_at is None and not self.is_of_records

    @property
    def is_of_records(self) -> bool:
        """Say whether the campaign asks for records alone and the unit has not filed a zero report."""
        return self.period.campaign.filing == Filing.RECORDS and not self.is_zero

    @property
    def waits_for_signature(self) -> bool:
        """Say whether the unit head's name is asked for under this filed report and is not there."""
        is_asked = self.period.campaign.asks_signature and not self.is_of_records
        return is_asked and self.filed_at is not None and self.signed_at is None

    def is_open_at(self, now: dt.datetime) -> bool:
        """Say whether the report can still be filed at the aware moment `now`."""
        return self.filed_at is None and self.excused_at is None and now <= self.close_at

    def holds(self, content: Mapping[str, str]) -> bool:
        """Say whether the report was filed with this very content: names of fields with their texts."""
        return self.filed_at is not None and all(
            getattr(self, name) == text.strip() for name, text in content.items()
        )
