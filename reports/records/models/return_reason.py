"""Ready-made reasons for a return."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReturnReason(models.Model):
    """One row = one sentence that reviewers can choose when they return a record."""

    text = models.CharField(_("reason"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("No longer offered; past returns keep their wording.")
    )

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("return reason")
        verbose_name_plural = _("return reasons")
        constraints = [
            models.UniqueConstraint(
                fields=["text"],
                name="return_reason_once",
                violation_error_message=_("This reason is in the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.text
