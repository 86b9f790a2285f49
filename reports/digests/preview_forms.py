"""Whose digest to look at, and of which week."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models import Campaign, Period
from reports.digests.models import OutsideRecipient, Robot
from reports.digests.previewing import Choice
from units.models import Account, TeamMember
from units.searching import RowSearch

READERS = ("person", "outside", "robot")


class PreviewForm(forms.Form):
    """One week and one reader: a person, an outside recipient or a group."""

    period = forms.ModelChoiceField(label=_("week"), queryset=Period.objects.none(), empty_label=None)
    person = forms.ModelChoiceField(label=_("person"), queryset=Account.objects.none(), required=False)
    outside = forms.ModelChoiceField(
        label=_("outside recipient"), queryset=OutsideRecipient.objects.none(), required=False
    )
    robot = forms.ModelChoiceField(label=_("group robot"), queryset=Robot.objects.none(), required=False)

    def __init__(self, *args: Any, campaign: Campaign | None, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weeks = Period.objects.weekly().filter(campaign=campaign, starts_on__lte=today)
        querysets: dict[str, Any] = {
            "period": weeks.select_related("campaign").order_by("-number"),
            "person": Account.objects.filter(is_active=True),
            "outside": OutsideRecipient.objects.filter(campaign=campaign),
            "robot": Robot.objects.select_related("team"),
        }
        for name, rows in querysets.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        person = self.fields["person"]
        person.widget = RowSearch(TeamMember._meta.get_field("account"), admin.site)
        person.widget.choices = person.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse none and several readers."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and len([name for name in READERS if cleaned.get(name)]) != 1:
            raise forms.ValidationError(_("Choose one reader: a person, an outside recipient or a group."))
        return cleaned

    def choice(self) -> Choice:
        """Return what was chosen."""
        chosen = {name: self.cleaned_data.get(name) for name in READERS}
        return Choice(self.cleaned_data["period"], **chosen)
