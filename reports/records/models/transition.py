"""The steps of records' lives."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.records.models.record import STATUS_CHOICES, ActivityRecord
from reports.records.states import Verb


class Transition(models.Model):
    """One row = one step in a record's life: who, when, from where to where, why, with what content."""

    record = models.ForeignKey(
        ActivityRecord, on_delete=models.PROTECT, related_name="transitions", verbose_name=_("record")
    )
    verb = models.CharField(
        _("step"), max_length=8, choices=[(verb.value, verb.value) for verb in Verb] + [("load", "load")]
    )
    from_status = models.CharField(_("from"), max_length=9, choices=STATUS_CHOICES, blank=True)
    to_status = models.CharField(_("to"), max_length=9, choices=STATUS_CHOICES)
    version = models.PositiveIntegerField(_("version"))
    # Empty: a command did it.
    actor = models.ForeignKey("units.Account", on_delete=models.PROTECT, null=True, verbose_name=_("person"))
    note = models.CharField(_("reason"), max_length=500, blank=True)
    content = models.JSONField(_("content"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["record", "id"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "version"],
                name="transition_version_once",
                violation_error_message=_("This version of the record has its step already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.from_status or '·'} → {self.to_status}"
