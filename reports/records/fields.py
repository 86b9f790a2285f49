"""Form fields of records: numbers as people write them, texts without hidden characters."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.campaigns.models import Indicator
from reports.records.content import shown
from units.texts import tidy, tidy_line

# Far beyond any hard limit, and still exact in JSON and in a bigint.
MOST_DIGITS = 15


class LineField(forms.CharField):
    """A text of one line; the browser is not told the limit, for it would cut a pasted text silently."""

    def __init__(self, *, label: object, max_length: int, **attrs: str) -> None:
        widget = forms.TextInput({"class": "form-control", "data-count": str(max_length)} | attrs)
        super().__init__(label=label, required=False, max_length=max_length, widget=widget)  # type: ignore[arg-type]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        """Add nothing."""
        return {}

    def to_python(self, value: object) -> str:
        """Return the text tidied."""
        return tidy_line(super().to_python(value) or "")


class TextField(LineField):
    """A text of several lines."""

    def __init__(self, *, label: object, max_length: int) -> None:
        super().__init__(label=label, max_length=max_length)
        self.widget = forms.Textarea({"class": "form-control", "data-count": str(max_length), "rows": "6"})

    def to_python(self, value: object) -> str:
        """Return the text tidied, its lines kept."""
        return tidy(forms.CharField.to_python(self, value) or "")


class NumberField(forms.Field):
    """One indicator's number; gives an integer in the indicator's smallest unit, None where left empty."""

    def __init__(self, indicator: Indicator, last: int | None) -> None:
        self.indicator = indicator
        self.measure = indicator.unit_of_measure
        self.is_optional = not indicator.is_required
        widget = forms.TextInput(
            {
                "class": "form-control number",
                "inputmode": "decimal" if indicator.decimals else "numeric",
                "autocomplete": "off",
            }
        )
        super().__init__(label=indicator.name, required=False, widget=widget, help_text=self._hint(last))

    def _hint(self, last: int | None) -> str:
        """Return what the unit entered the last time."""
        if last is None:
            return ""
        return _("Last time: %(value)s") % {"value": shown(last, self.indicator)}

    def prepare_value(self, value: object) -> object:
        """Return a stored integer as people read it; what was typed stays as it was."""
        return shown(value, self.indicator) if isinstance(value, int) else value

    def to_python(self, value: object) -> int | None:
        """Read digits, half-width or full-width, with or without thousands apart.

        Raises: ValidationError `not_a_number`, `too_many_decimals`, `too_long`.
        """
        typed = tidy_line(str(value or ""))
        plain = unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "")
        if not plain:
            return None
        number = self._decimal(plain, typed)
        smallest = number.scaleb(self.indicator.decimals)
        if smallest != smallest.to_integral_value():
            raise ValidationError(self._too_fine(), code="too_many_decimals")
        return int(smallest)

    def _decimal(self, plain: str, typed: str) -> Decimal:
        """Return the number that was typed, if it is one of a size that can be stored."""
        # Decimal knows more than people write: 1e5, nan, infinity, underscores, other scripts' digits.
        is_written_out = plain.isascii() and plain.lstrip("+-").replace(".", "", 1).isdigit()
        if len(plain) > MOST_DIGITS and is_written_out:
            message = _("This number has more than %(most)d digits; check it.")
            raise ValidationError(message % {"most": MOST_DIGITS}, code="too_long")
        try:
            return Decimal(plain if is_written_out else "?")
        except InvalidOperation:
            message = _("“%(typed)s” is not a number; write digits only, such as 120.")
            raise ValidationError(message % {"typed": typed[:40]}, code="not_a_number") from None

    def _too_fine(self) -> str:
        """Return what is said about too many decimals."""
        if not self.indicator.decimals:
            return _("Write a whole number.")
        return ngettext(
            "Write at most %(number)d digit behind the point.",
            "Write at most %(number)d digits behind the point.",
            self.indicator.decimals,
        ) % {"number": self.indicator.decimals}


class DayField(forms.DateField):
    """The day of the activity, as the browser's calendar gives it or as people write it."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Day"),
            widget=forms.DateInput({"class": "form-control number", "type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
            error_messages={
                "required": gettext_lazy("Choose the day on which it took place."),
                "invalid": gettext_lazy("This is not a day; write it like 2026-11-19."),
            },
        )
