"""Files that were handed in for a preview."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Upload(models.Model):
    """One row = one list that a person handed in to import; gone once imported, or after an hour.

    It lies in the database and in no folder: bound to its person, the same on every host, and consumed in
    the transaction of the import.
    """

    class Purpose(models.TextChoices):
        """What the list is a list of."""

        UNITS = "units", _("units")
        PEOPLE = "people", _("people")
        LEDGER = "ledger", _("activities")

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    # CASCADE: a preview is nothing without its person.
    account = models.ForeignKey(
        "units.Account", on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices, default=Purpose.UNITS)
    name = models.CharField(_("name of the file"), max_length=200)
    content = models.BinaryField(_("content"))
    parent_code = models.CharField(_("parent"), max_length=32, blank=True)
    kind_code = models.CharField(_("kind"), max_length=32, blank=True)
    # What else was said beside the list; its purpose knows what it means.
    options = models.JSONField(_("options"), default=dict, blank=True)
    created_at = models.DateTimeField(_("handed in at"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("handed-in file")
        verbose_name_plural = _("handed-in files")

    def __str__(self) -> str:
        return self.name
