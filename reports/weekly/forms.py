"""Strings of the forms of a weekly report become values; the verbs hold the rules and save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from units.text_fields import LineText, LongText

TEXT_LENGTH = 5000
REASON_LENGTH = 500


class Words(LongText):
    """A text of several lines; the browser is not told the limit, for it would cut a pasted text."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Add nothing."""
        return {}


def _lines(number: int) -> forms.Textarea:
    """Return a box of so many lines."""
    return forms.Textarea(attrs={"rows": number, "class": "form-control"})


def _text(label: Any, hint: Any, n_lines: int) -> Words:
    """Return one text of a report."""
    return Words(label=label, help_text=hint, max_length=TEXT_LENGTH, required=False, widget=_lines(n_lines))


class FileForm(forms.Form):
    """What a liaison writes about a week in which something happened."""

    # Not required here: the verb says in its own words what is missing.
    progress = _text(
        _("Progress"),
        _("What was done this week, and with what result. The numbers are added from your records."),
        8,
    )
    highlights = _text(_("Highlights"), _("What others could learn from. May stay empty."), 4)
    problems = _text(_("Problems"), _("What is in the way, and what help is needed. May stay empty."), 4)
    plan = _text(_("Next week's plan"), _("May stay empty."), 4)


class ZeroForm(forms.Form):
    """Why there is nothing to report: a ready-made reason by one tap, words of one's own, or both."""

    reason = Words(
        label=_("Reason"),
        help_text=_("For example: examination week, no activity planned."),
        max_length=REASON_LENGTH,
        required=False,
        widget=_lines(3),
    )
    # The button that was pressed; the form sends it along.
    ready = LineText(max_length=120, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Put the ready-made reason before the words of one's own."""
        cleaned = super().clean() or self.cleaned_data
        parts = (cleaned.pop("ready", ""), cleaned.get("reason", ""))
        if "reason" in cleaned:
            cleaned["reason"] = "\n".join(filter(None, parts))
            if len(cleaned["reason"]) > REASON_LENGTH:
                message = _("The reasons have more than %(most)d characters together.")
                self.add_error("reason", forms.ValidationError(message, params={"most": REASON_LENGTH}))
        return cleaned


class AskForm(forms.Form):
    """Why a unit needs more time; may stay empty."""

    note = Words(
        label=_("Why more time is needed"),
        help_text=_("May stay empty."),
        max_length=REASON_LENGTH,
        required=False,
        widget=_lines(2),
    )
