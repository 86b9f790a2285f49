"""What a reviewer sends back: a decision on one record or on many, and to whom to hand it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.records.models import ReturnReason, Transition
from units.models import Account
from units.text_fields import LongText

# More than a person looks through before they press the button.
MANY_LIMIT = 1000
NOTE_LENGTH = Transition._meta.get_field("note").max_length or 0


class ReasonForm(forms.Form):
    """A reason: ready-made ones that were ticked, and free text, which become one note."""

    reasons = forms.ModelMultipleChoiceField(
        queryset=ReturnReason.objects.filter(is_retired=False),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = LongText(
        label=gettext_lazy("reason"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "aria-describedby": "note-errors"}),
    )

    def clean(self) -> dict[str, Any]:
        """Put the ticked reasons before the free text."""
        cleaned = super().clean() or self.cleaned_data
        ticked = [reason.text for reason in cleaned.get("reasons") or ()]
        whole = "\n".join([*ticked, *filter(None, [cleaned.get("note", "").strip()])])
        if len(whole) > NOTE_LENGTH:
            message = _("The reasons have %(n)d characters together; at most %(most)d fit.")
            self.add_error("note", message % {"n": len(whole), "most": NOTE_LENGTH})
        cleaned["whole"] = whole
        return cleaned


class DecisionForm(ReasonForm):
    """A decision on the version that was on screen, with its reason."""

    version = forms.IntegerField(min_value=1)


class ManyForm(ReasonForm):
    """A decision on the records that were ticked, each as “number:version”, with its reason."""

    chosen = forms.RegexField(r"^[0-9]{1,18}:[0-9]{1,9}(,[0-9]{1,18}:[0-9]{1,9})*$")

    def versions(self) -> dict[int, int]:
        """Return the version that was looked at, by record number. Raises: BadRequest for too many."""
        pairs = [pair.split(":") for pair in self.cleaned_data["chosen"].split(",")]
        if len(pairs) > MANY_LIMIT:
            raise BadRequest
        return {int(number): int(version) for number, version in pairs}


class AssignForm(forms.Form):
    """To whom; empty for nobody in particular."""

    to = forms.ModelChoiceField(queryset=Account.objects.none(), required=False)

    def __init__(self, data: Any, colleagues: Any) -> None:
        super().__init__(data)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]
