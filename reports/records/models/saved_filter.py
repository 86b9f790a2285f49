"""What a person looks for again and again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """One row = one way in which a person narrows the list of records down, under a name of their own."""

    # CASCADE: nobody else sees it.
    person = models.ForeignKey(
        "units.Account", on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("what is chosen"), max_length=400)

    class Meta:
        ordering = ["person", "id"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "name"],
                name="saved_filter_name_once",
                violation_error_message=_("You have a filter of this name already."),
            ),
            models.CheckConstraint(
                name="saved_filter_has_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the filter a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
