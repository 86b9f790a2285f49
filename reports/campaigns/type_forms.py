"""Forms of a type and its indicators: people's units and lines become what is stored; they never save."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.campaigns.designs import Kind
from reports.campaigns.models import ActivityType, Indicator
from units.text_fields import LineText, LongText

if TYPE_CHECKING:
    TypeModelForm = forms.ModelForm[ActivityType]
    IndicatorModelForm = forms.ModelForm[Indicator]
else:
    TypeModelForm = IndicatorModelForm = forms.ModelForm

LIMITS = ("minimum", "maximum", "soft_minimum", "soft_maximum")
# Of a stored indicator: what is stored under it was entered as this, and could not be read as anything else.
FIXED = ("code", "kind", "decimals")
MOST_DIGITS = 15


class LinesField(LongText):
    """A few words, one on each line; gives a list."""

    def __init__(self, *, label: object, help_text: object) -> None:
        widget = forms.Textarea({"rows": 4, "class": "lines"})
        super().__init__(label=label, help_text=help_text, required=False, widget=widget)  # type: ignore[arg-type]

    def prepare_value(self, value: object) -> object:
        """Return a stored list as lines."""
        return "\n".join(str(line) for line in value) if isinstance(value, list) else value

    def to_python(self, value: object) -> list[str]:  # type: ignore[override]
        """Return the lines that hold something."""
        lines = (line.strip() for line in super().to_python(value).splitlines())
        return [line for line in lines if line]

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare the lines."""
        return (initial or []) != self.to_python(data)


class TypeForm(TypeModelForm):
    """What a type shows and how it is called."""

    modes = LinesField(
        label=gettext_lazy("modes to choose from"),
        help_text=gettext_lazy("One on each line; none: the form does not ask how it was done."),
    )

    class Meta:
        model = ActivityType
        fields = (
            "campaign", "code", "name", "is_required", "guidance", "n_minutes", "shows_place",
            "shows_speaker", "shows_topic", "shows_tags", "modes", "shows_attachments",
            "n_attachments", "needs_second_review",
            "position", "is_retired",
        )  # fmt: skip
        field_classes = {"name": LineText, "guidance": LongText}

    def clean(self) -> dict[str, Any]:
        """Refuse files that are needed and not taken."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("n_attachments") and not given.get("shows_attachments"):
            self.add_error("n_attachments", _("The form takes no files; switch them on, or write 0."))
        return given


class IndicatorForm(IndicatorModelForm):
    """One indicator; its limits are written in the unit of measure, 12.50 and not 1250."""

    options = LinesField(
        label=gettext_lazy("options"), help_text=gettext_lazy("For a choice: one option on each line.")
    )
    minimum = forms.DecimalField(label=gettext_lazy("at least"), required=False)
    maximum = forms.DecimalField(label=gettext_lazy("at most"), required=False)
    soft_minimum = forms.DecimalField(label=gettext_lazy("below this a reason"), required=False)
    soft_maximum = forms.DecimalField(label=gettext_lazy("above this a reason"), required=False)

    class Meta:
        model = Indicator
        fields = (
            "code", "name", "kind", "options", "unit_of_measure", "decimals", "is_required", "minimum",
            "maximum", "soft_minimum", "soft_maximum", "heads", "is_shared", "position", "is_retired",
        )  # fmt: skip
        field_classes = {"name": LineText, "unit_of_measure": LineText}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance
        for name in LIMITS:
            smallest = getattr(stored, name)
            self.initial[name] = None if smallest is None else Decimal(smallest).scaleb(-stored.decimals)
        if stored.pk:
            for name in FIXED:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Return the limits in the indicator's smallest unit; what does not fit is said at its field."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        decimals = given.get("decimals") or 0
        for name in LIMITS:
            if name in given:
                self._make_smallest(given, name, decimals)
        if given.get("kind") == Kind.CHOICE and not given.get("options"):
            self.add_error("options", _("A choice needs options to choose from."))
        self._check_order("minimum", "maximum", _("The upper limit is below the lower one."))
        self._check_order("soft_minimum", "soft_maximum", _("The upper soft limit is below the lower one."))
        return given

    def _make_smallest(self, given: dict[str, Any], name: str, decimals: int) -> None:
        """Turn one limit into the smallest unit; an empty hard one is what the model says."""
        if given[name] is None:
            field: Any = Indicator._meta.get_field(name)
            given[name] = None if field.null else field.default
            return
        smallest = given[name].scaleb(decimals)
        if smallest != smallest.to_integral_value():
            given.pop(name)
            self.add_error(name, _too_fine(decimals))
        elif abs(smallest) >= 10**MOST_DIGITS:
            given.pop(name)
            self.add_error(name, _("This number is too large."))
        else:
            given[name] = int(smallest)

    def _check_order(self, lower: str, upper: str, message: str) -> None:
        """Say at the upper limit that it lies below the lower one."""
        least, most = self.cleaned_data.get(lower), self.cleaned_data.get(upper)
        if least is not None and most is not None and most < least:
            self.add_error(upper, message)


def _too_fine(decimals: int) -> str:
    """Return what is said about a limit with more decimals than the indicator has."""
    if not decimals:
        return _("Write a whole number.")
    return ngettext(
        "Write at most %(number)d digit behind the point.",
        "Write at most %(number)d digits behind the point.",
        decimals,
    ) % {"number": decimals}
