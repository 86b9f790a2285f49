"""What a reviewer sends: a decision on one report or on many, with its reason and its moment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _

from reports.weekly.models import Purpose, ReadyReason
from units.text_fields import LongText

NOTE_LENGTH = 500
# The extension of a whole week reaches every unit of it.
MANY_LIMIT = 5000
DUE_MISSING = _("Write the day and the hour until which the report is due.")


class NoteForm(forms.Form):
    """A reason: ready-made ones that were ticked, and words of one's own, which become one note."""

    reasons = forms.ModelMultipleChoiceField(
        queryset=ReadyReason.objects.filter(is_retired=False, purpose=Purpose.RETURN),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = LongText(
        label=_("reason"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_at = forms.DateTimeField(
        label=_("due at"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages=dict.fromkeys(("invalid", "required"), DUE_MISSING),
    )

    def __init__(self, *args: Any, verb: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].required = verb == "extend"

    def clean(self) -> dict[str, Any]:
        """Put the ticked reasons before the words of one's own."""
        cleaned = super().clean() or self.cleaned_data
        ticked = [reason.text for reason in cleaned.get("reasons") or ()]
        whole = "\n".join([*ticked, *filter(None, [cleaned.get("note", "").strip()])])
        if len(whole) > NOTE_LENGTH:
            message = _("The reasons have more than %(most)d characters together.")
            self.add_error("note", forms.ValidationError(message, params={"most": NOTE_LENGTH}))
        cleaned["whole"] = whole
        return cleaned


class DecisionForm(NoteForm):
    """A decision on the version that was on screen."""

    version = forms.IntegerField(min_value=1)


class ManyForm(NoteForm):
    """A decision on the reports that were listed, each as “number:version”."""

    chosen = forms.RegexField(r"^[0-9]{1,18}:[0-9]{1,9}(,[0-9]{1,18}:[0-9]{1,9})*$")

    def versions(self) -> dict[int, int]:
        """Return the version that was looked at, by report number. Raises: BadRequest for too many."""
        pairs = [pair.split(":") for pair in self.cleaned_data["chosen"].split(",")]
        if len(pairs) > MANY_LIMIT:
            raise BadRequest
        return {int(number): int(version) for number, version in pairs}
