"""The passwords that an account had."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FormerPassword(models.Model):
    """One row = the hash of one password that an account has or had, kept so that it is not used again."""

    account = models.ForeignKey(
        "units.Account",
        on_delete=models.CASCADE,  # nothing to keep a hash for once the account is gone
        related_name="former_passwords",
        verbose_name=_("account"),
    )
    hash = models.CharField(_("hash"), max_length=128)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")

    def __str__(self) -> str:
        return f"{self.account}, {self.at:%Y-%m-%d}"
