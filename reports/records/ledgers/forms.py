"""The two ways to hand a ledger in: as a file, and as a block of cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models import ActivityType
from reports.records.fields import PickField
from units.workbooks.limits import MAX_BYTES
from units.workbooks.reading import SUFFIXES, refusal

DRAFTS, FINAL = "drafts", "final"


class DeedField(PickField):
    """Whether the rows stay drafts or go to review; gives True for review."""

    def __init__(self) -> None:
        super().__init__(label=_("What to do with the rows"), options=(DRAFTS, FINAL), is_optional=False)
        self.choices = [(DRAFTS, _("Keep as drafts")), (FINAL, _("Submit for review"))]
        self.initial = DRAFTS

    def clean(self, value: object) -> bool:
        """Return whether the rows are handed in; without a choice they stay drafts."""
        return str(super().clean(value)) == FINAL


class TypeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A type of activity on offer."""

    def __init__(self, *, label: object, is_optional: bool, help_text: object = "") -> None:
        self.is_optional = is_optional
        super().__init__(
            queryset=ActivityType.objects.none(),
            label=label,  # type: ignore[arg-type]
            required=not is_optional,
            empty_label=str(_("as the sheets are called")) if is_optional else None,
            help_text=help_text,  # type: ignore[arg-type]
            widget=forms.Select({"class": "form-select"}),
        )


class LedgerForm(forms.Form):
    """A file."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"class": "form-control", "accept": ",".join(SUFFIXES)}),
        help_text=_("A workbook (xlsx, xls, ods) or a csv file, up to 10 MiB."),
    )
    kind = TypeField(
        label=_("Type of activity"),
        is_optional=True,
        help_text=_(
            "Only for a file of your own whose sheets do not bear the name of a type, such as a csv."
        ),
    )
    is_final = DeedField()

    def __init__(self, *args: Any, types: Iterable[ActivityType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = types  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is taken into memory."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(refusal("too_large", file.name, "bytes").message)
        return file


class PasteForm(forms.Form):
    """A block of cells of one type."""

    kind = TypeField(label=_("Type of activity"), is_optional=False)
    block = forms.CharField(
        label=_("Cells"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            {"class": "form-control ledger-block", "rows": "6", "wrap": "off", "spellcheck": "false"}
        ),
        help_text=_("Without a heading row the columns have to stand in the order of the template."),
    )
    is_final = DeedField()

    def __init__(self, *args: Any, types: Iterable[ActivityType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = types  # type: ignore[attr-defined]
