"""What a merger and a split ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from units.admin.reforms import day_input, offer_units
from units.models import Account, Unit, UnitKind
from units.text_fields import LineText


class MergeForm(forms.Form):
    """Into which unit, and from which day on."""

    new = forms.ModelChoiceField(
        label=_("merge into"),
        queryset=Unit.objects.none(),
        help_text=_("It takes over records, weekly reports, people and teams."),
    )
    on = forms.DateField(
        label=_("closed on"),
        help_text=_("The first day on which the unit that merges is closed."),
        widget=day_input(),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "new", "merged_into", request)


class SplitForm(forms.Form):
    """What the new unit is called, and who goes with it."""

    code = LineText(label=_("code of the new unit"), max_length=32)
    name = LineText(label=_("name of the new unit"), max_length=200)
    kind = forms.ModelChoiceField(label=_("kind"), queryset=UnitKind.objects.all())
    opened_on = forms.DateField(label=_("opened on"), widget=day_input())
    people = forms.ModelMultipleChoiceField(
        label=_("people who go with it"),
        queryset=Account.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their roles at this unit go along. Records stay where they are."),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = Account.objects.filter(unit=unit, is_active=True)  # type: ignore[attr-defined]
