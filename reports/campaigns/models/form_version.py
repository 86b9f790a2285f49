"""The forms of a type in the course of time."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from reports.campaigns.designs import Design
from reports.campaigns.models.activity_type import ActivityType


class FormVersion(models.Model):
    """One row = the form of a type as it once was; written once, never changed.

    A record points to the version that it was entered with, so that a type may change at any time.
    """

    activity_type = models.ForeignKey(
        ActivityType, on_delete=models.PROTECT, related_name="versions", verbose_name=_("activity type")
    )
    digest = models.CharField(_("digest"), max_length=64)
    content = models.JSONField(_("content"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        ordering = ["activity_type", "id"]
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        constraints = [
            models.UniqueConstraint(
                fields=["activity_type", "digest"],
                name="form_version_once",
                violation_error_message=_("This form is stored already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity_type} {self.digest[:8]}"

    @cached_property
    def design(self) -> Design:
        """Return what the form asks."""
        return Design.of(self.content)
