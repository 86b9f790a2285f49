"""Strings of the two forms of a weekly report become values; the verbs hold the rules and save."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from units.text_fields import LongText

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


class FileForm(forms.Form):
    """What a liaison writes about a week in which something happened."""

    # Not required here: the verb says in its own words what is missing.
    progress = Words(
        label=_("Progress"),
        help_text=_(
            "What was done this week, and with what result. The numbers are added from your records."
        ),
        max_length=TEXT_LENGTH,
        required=False,
        widget=_lines(8),
    )
    plan = Words(
        label=_("Next week's plan"),
        help_text=_("May stay empty."),
        max_length=TEXT_LENGTH,
        required=False,
        widget=_lines(4),
    )


class ZeroForm(forms.Form):
    """Why there is nothing to report."""

    reason = Words(
        label=_("Reason"),
        help_text=_("For example: examination week, no activity planned."),
        max_length=REASON_LENGTH,
        required=False,
        widget=_lines(3),
    )
