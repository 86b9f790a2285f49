"""The ledger of totals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

Values = dict[str, int]


class Cell(models.Model):
    """One row = the totals of one unit in one period for one activity type.

    The whole-campaign period is the margin over periods, an empty type the margin over types.
    `own` counts the unit itself, `total` the unit with its subtree; both map an indicator's code to an
    integer in the indicator's smallest unit, `records` to the number of records. An empty mapping
    means that nothing was reported, which is not zero.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT)
    period = models.ForeignKey("campaigns.Period", on_delete=models.PROTECT)
    activity_type = models.ForeignKey("campaigns.ActivityType", on_delete=models.PROTECT, null=True)
    own = models.JSONField(default=dict)
    total = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("total")
        verbose_name_plural = _("totals")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "unit", "activity_type"],
                name="cell_of_type_once",
                condition=Q(activity_type__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["period", "unit"],
                name="cell_of_all_types_once",
                condition=Q(activity_type__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["unit", "activity_type", "period"], name="cell_by_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.period_id}/{self.activity_type_id or '*'}"


class StaleCell(models.Model):
    """One row = one mark "count this again"; append-only, several marks of one key are fine."""

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT)
    period = models.ForeignKey("campaigns.Period", on_delete=models.PROTECT)
    activity_type = models.ForeignKey("campaigns.ActivityType", on_delete=models.PROTECT)
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = _("stale mark")
        verbose_name_plural = _("stale marks")
        indexes = [models.Index(fields=["campaign", "id"], name="stale_by_campaign")]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.period_id}/{self.activity_type_id}"


class LedgerState(models.Model):
    """One row = how far the ledger of one campaign has followed the moves in the tree of units."""

    # CASCADE: the pointer means nothing without its campaign.
    campaign = models.OneToOneField("campaigns.Campaign", on_delete=models.CASCADE, primary_key=True)
    last_change = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("state of the ledger")
        verbose_name_plural = _("states of the ledger")

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.last_change}"
