"""Photos and files of records."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.records.files.kinds import BY_MEDIA_TYPE, Kind
from reports.records.files.querysets import AttachmentQuerySet
from reports.records.models.record import ActivityRecord


class StoredFile(models.Model):
    """One row = one content that the storage holds, however many records show it; named by its SHA-256."""

    class State(models.TextChoices):
        """Whether it may be looked at."""

        PENDING = "pending", _("being checked")
        CLEAN = "clean", _("checked")
        INFECTED = "infected", _("refused by the virus scanner")
        DAMAGED = "damaged", _("damaged or missing")

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveBigIntegerField(_("bytes"))
    # Empty for what is no picture.
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.CLEAN.value)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    # When it was last handed in; what nobody shows is kept for a while after that.
    touched_at = models.DateTimeField(_("last handed in"), default=timezone.now)
    verified_at = models.DateTimeField(_("last verified"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        constraints = [
            models.CheckConstraint(
                name="stored_file_state_known",
                condition=Q(state__in=["pending", "clean", "infected", "damaged"]),
                violation_error_message=_("A file has no such state."),
            )
        ]
        indexes = [
            models.Index(fields=["state"], name="stored_file_odd", condition=~Q(state="clean")),
            models.Index(fields=["touched_at"], name="stored_file_by_touch"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def kind(self) -> Kind:
        """Return what kind of file it is."""
        return BY_MEDIA_TYPE[self.media_type]

    @property
    def is_ready(self) -> bool:
        """Say whether it may be looked at."""
        return self.state == self.State.CLEAN


class Attachment(models.Model):
    """One row = one photo or file of one record, under the name that its author gave it.

    Until the record is stored it belongs to a form, known by its author and the form's `key`.
    """

    # Empty: the form has not been saved yet.
    record = models.ForeignKey(
        ActivityRecord,
        on_delete=models.PROTECT,
        null=True,
        related_name="attachments",
        verbose_name=_("record"),
    )
    author = models.ForeignKey(
        "units.Account", on_delete=models.PROTECT, related_name="+", verbose_name=_("author")
    )
    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="attachments", verbose_name=_("file")
    )
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "file"],
                name="attachment_once_per_record",
                condition=Q(record__isnull=False),
                violation_error_message=_("This file is attached already."),
            ),
            models.UniqueConstraint(
                fields=["author", "key", "file"],
                name="attachment_once_per_form",
                condition=Q(record__isnull=True),
                violation_error_message=_("This file is attached already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="attachment_not_adopted", condition=Q(record__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.name
