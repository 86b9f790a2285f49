"""Ready-made reasons about reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a ready-made reason is offered for."""

    ZERO = "zero", _("zero report")
    RETURN = "return", _("return")


class ReadyReason(models.Model):
    """One row = one sentence that is offered as a reason, one tap each."""

    purpose = models.CharField(_("offered for"), max_length=8, choices=Purpose.choices)
    text = models.CharField(_("reason"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_retired = models.BooleanField(
        _("retired"), default=False, help_text=_("No longer offered; what was written keeps its wording.")
    )

    class Meta:
        ordering = ["purpose", "position", "id"]
        verbose_name = _("ready-made reason")
        verbose_name_plural = _("ready-made reasons of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "text"],
                name="ready_reason_once",
                violation_error_message=_("This reason is in the list already."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @classmethod
    def offered(cls, purpose: Purpose) -> models.QuerySet[ReadyReason]:
        """Return the reasons to choose from, in the bureau's order."""
        return cls.objects.filter(purpose=purpose, is_retired=False)
