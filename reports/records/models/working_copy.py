"""What has been typed into forms and not been sent."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.records.models.record import ActivityRecord


class WorkingCopy(models.Model):
    """One row = what one person has typed into one form in one tab and not sent yet.

    `fields` maps a field's name to what stands in it, as typed, valid or not. `version` is that of the
    record on which the writing began, empty for a new one. Nothing official: no audit row, no step; it
    goes when the form is stored with the same content, when its person drops it, or after 30 days.
    """

    # A scratch paper goes with its person, type, unit or record.
    person = models.ForeignKey(
        "units.Account", on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    unit = models.ForeignKey("units.Unit", on_delete=models.CASCADE, related_name="+", verbose_name=_("unit"))
    activity_type = models.ForeignKey(
        "campaigns.ActivityType", on_delete=models.CASCADE, related_name="+", verbose_name=_("activity type")
    )
    record = models.ForeignKey(
        ActivityRecord, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("record")
    )
    key = models.UUIDField(_("key"))
    tab = models.UUIDField(_("tab"))
    fields = models.JSONField(_("typed"), default=dict)
    version = models.PositiveIntegerField(_("version"), null=True)
    # Rises with each save of the tab, so that a save that was overtaken on its way changes nothing.
    sequence = models.PositiveBigIntegerField(_("sequence"), default=0)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-saved_at", "-id"]
        verbose_name = _("unsent form")
        verbose_name_plural = _("unsent forms")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key", "tab"],
                name="working_copy_tab_once",
                violation_error_message=_("This tab has kept its form already."),
            )
        ]

    def __str__(self) -> str:
        return self.first("title") or str(self.activity_type)

    def first(self, name: str) -> str:
        """Return what stands in one field, nothing where it is empty."""
        return str((self.fields.get(name) or [""])[0])
