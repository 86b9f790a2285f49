"""The person who signs in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class AccountManager(UserManager["Account"]):
    """Find accounts whatever the case in which the name was typed."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of that sign-in name; the unique constraint allows one at most."""
        return self.get(username__iexact=self.model.normalize_username(username or ""))

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **facts: Any
    ) -> Account:
        """Open an account without any limit, as the operator of the server does for emergencies."""
        # By name: the verb knows this model.
        note_unlimited = import_string("units.accounts.note_unlimited")
        with transaction.atomic():
            account = super().create_superuser(username, email, password, **facts)
            note_unlimited(account)
        return account


class Account(AbstractUser):
    """One row = one person who may sign in; what they may do stands in grants and groups."""

    class Language(models.TextChoices):
        """The languages that the portal speaks."""

        CHINESE = "zh-hans", "简体中文"
        ENGLISH = "en", "English"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=60)
    unit = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("unit"),
    )
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    language = models.CharField(
        _("language"),
        max_length=8,
        choices=Language.choices,
        default=Language.CHINESE,
        db_default=Language.CHINESE,
    )
    wants_digest = models.BooleanField(_("receives the weekly digest"), default=True)
    # A first password comes from somebody else: good for one sign-in before it expires, then to be changed.
    password_is_initial = models.BooleanField(_("has a first password"), default=False, editable=False)
    password_expires_at = models.DateTimeField(
        _("first password expires at"), null=True, blank=True, editable=False
    )
    enabled_at = models.DateTimeField(_("enabled again at"), null=True, blank=True, editable=False)
    password_changed_at = models.DateTimeField(_("password changed at"), default=timezone.now, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["username"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="account_username_once",
                violation_error_message=_("This sign-in name is taken."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the person's name as others see it."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the same: Chinese names are not cut."""
        return str(self)
