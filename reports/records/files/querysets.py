"""Questions about photos and files, chainable and named as adjectives."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from reports.records.models.record import ActivityRecord
from units import scope
from units.models import Account

if TYPE_CHECKING:
    from reports.records.models.attachment import Attachment  # noqa: F401


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Photos and files by reach and by what they hang on."""

    def visible_to(self, user: scope.Person) -> AttachmentQuerySet:
        """Keep the files of records that `user` may read, and those of the person's own unsaved forms."""
        records = ActivityRecord.objects.visible_to(user)
        own = Q(record=None, author=user.pk) if user.pk else Q(pk__in=())
        return self.filter(Q(record__in=records.order_by().values("pk")) | own)

    def of_record(self, record: ActivityRecord) -> AttachmentQuerySet:
        """Keep the files of one record."""
        return self.filter(record=record).select_related("file")

    def of_form(self, author: Account, key: uuid.UUID) -> AttachmentQuerySet:
        """Keep the files of a form that has not been saved yet."""
        return self.filter(record=None, author=author, key=key).select_related("file")

    def not_adopted(self) -> AttachmentQuerySet:
        """Keep the files that belong to no record."""
        return self.filter(record=None)

    def with_place(self) -> AttachmentQuerySet:
        """Fetch along the file, the record and its unit."""
        return self.select_related("file", "record__unit")
