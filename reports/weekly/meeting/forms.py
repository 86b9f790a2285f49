"""Strings of a decision become values; the verbs hold the rules and save."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.weekly.meeting.deciding import Wording
from units.text_fields import LineText, LongText

TEXT_LENGTH, NAME_LENGTH = 500, 120


class DecisionForm(forms.Form):
    """What was decided, who is in charge, by when."""

    # Not required here: the verb says in its own words what is missing.
    text = LongText(
        label=_("Decision"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    in_charge = LineText(
        label=_("In charge"),
        help_text=_("The name or code of a unit, or whoever it is."),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "units-named", "autocomplete": "off"}),
    )
    due_on = forms.DateField(
        label=_("To be done by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )

    def wording(self) -> Wording:
        """Return what was typed; call it on a valid form."""
        return Wording(**self.cleaned_data)
