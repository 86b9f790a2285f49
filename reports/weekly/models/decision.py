"""What a meeting on a week decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MeetingDecision(models.Model):
    """One row = one thing that the meeting on a week decided: what, who does it, by when."""

    period = models.ForeignKey("campaigns.Period", on_delete=models.PROTECT, verbose_name=_("period"))
    # Whose meeting it was: the decision is seen and changed by those who oversee or review this unit.
    meeting_of = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("meeting of")
    )
    text = models.CharField(_("decision"), max_length=500)
    owner = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit in charge"),
    )
    # Who does it where that is no single unit of the tree.
    owner_name = models.CharField(_("in charge"), max_length=120, blank=True)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    noted_by = models.ForeignKey("units.Account", on_delete=models.PROTECT, verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"), default=timezone.now)
    # Removed rows stay, for what was decided once may be asked for later.
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["period", "id"]
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        constraints = [
            models.CheckConstraint(
                name="meeting_decision_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Say what was decided."),
            ),
            models.CheckConstraint(
                name="meeting_decision_one_owner",
                condition=Q(owner=None) | Q(owner_name=""),
                violation_error_message=_("A unit of the list or a name is in charge, not both."),
            ),
        ]
        indexes = [models.Index(fields=["period", "meeting_of"], name="decision_by_meeting")]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def in_charge(self) -> str:
        """Return who does it, empty where nobody was named."""
        return str(self.owner) if self.owner is not None else self.owner_name
