"""People outside the portal who read a campaign's week."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from units.models import Account


class OutsideRecipient(models.Model):
    """One row = one address outside the portal that receives a campaign's weekly report by mail."""

    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.PROTECT, related_name="+", verbose_name=_("campaign")
    )
    name = models.CharField(_("name"), max_length=60)
    address = models.EmailField(_("address"))
    language = models.CharField(
        _("language"), max_length=8, choices=Account.Language.choices, default=Account.Language.CHINESE
    )
    is_active = models.BooleanField(_("receives the weekly report"), default=True)
    # The recipient's own wish; nobody else switches it.
    wants_digest = models.BooleanField(_("has not unsubscribed"), default=True, editable=False)

    class Meta:
        ordering = ["campaign", "name", "id"]
        verbose_name = _("outside recipient")
        verbose_name_plural = _("outside recipients")
        constraints = [
            models.UniqueConstraint(
                "campaign",
                Lower("address"),
                name="outside_recipient_once",
                violation_error_message=_("This address receives the campaign’s weekly report already."),
            ),
            models.CheckConstraint(
                name="outside_recipient_has_address",
                condition=~Q(address=""),
                violation_error_message=_("An outside recipient has an address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
