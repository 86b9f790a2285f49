"""Form fields of indicators: numbers as people write them, yes or no, one of a few, a short text."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.campaigns.designs import Ask, Kind
from reports.records.asked import LONGEST_ANSWER, shown
from reports.records.fields import LineField, PickField
from units.texts import tidy_line

# Far beyond any hard limit, and still exact in JSON and in a bigint.
MOST_DIGITS = 15
YES, NO = "1", "0"


def field_for(ask: Ask) -> forms.Field:
    """Return the field of one indicator."""
    is_optional = not ask.is_required
    if ask.kind == Kind.NUMBER:
        return NumberField(ask)
    if ask.kind == Kind.YES_NO:
        return YesNoField(ask)
    if ask.kind == Kind.CHOICE:
        return PickField(label=ask.name, options=ask.options, is_optional=is_optional)
    field = LineField(label=ask.name, max_length=LONGEST_ANSWER, autocomplete="off")
    field.is_optional = is_optional
    return field


class NumberField(forms.Field):
    """One indicator's number; gives an integer in the indicator's smallest unit, None where left empty."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.measure = ask.unit_of_measure
        self.is_optional = not ask.is_required
        widget = forms.TextInput(
            {
                "class": "form-control number",
                "inputmode": "decimal" if ask.decimals else "numeric",
                "autocomplete": "off",
            }
        )
        super().__init__(label=ask.name, required=False, widget=widget)

    def hint(self, last: int) -> str:
        """Return in words what the unit entered the last time."""
        return _("Last time: %(value)s") % {"value": shown(last, self.ask)}

    def prepare_value(self, value: object) -> object:
        """Return a stored integer as people read it; what was typed stays as it was."""
        return shown(value, self.ask) if isinstance(value, int) else value

    def to_python(self, value: object) -> int | None:
        """Read digits, half-width or full-width, with or without thousands apart.

        Raises: ValidationError `not_a_number`, `too_many_decimals`, `too_long`.
        """
        typed = tidy_line(str(value or ""))
        plain = unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "")
        if not plain:
            return None
        number = self._decimal(plain, typed)
        smallest = number.scaleb(self.ask.decimals)
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
        if not self.ask.decimals:
            return _("Write a whole number.")
        return ngettext(
            "Write at most %(number)d digit behind the point.",
            "Write at most %(number)d digits behind the point.",
            self.ask.decimals,
        ) % {"number": self.ask.decimals}


class YesNoField(PickField):
    """Yes or no; gives 1 or 0, None where neither was chosen."""

    def __init__(self, ask: Ask) -> None:
        super().__init__(label=ask.name, options=(YES, NO), is_optional=not ask.is_required)
        self.choices = [(YES, gettext_lazy("yes")), (NO, gettext_lazy("no"))]

    def clean(self, value: object) -> int | None:
        """Return the answer as a number."""
        answer = super().clean(value)
        return int(answer) if answer else None
