"""Form fields of texts; whatever is typed passes through `texts` before anybody looks at it."""

from __future__ import annotations

from django import forms

from units.texts import tidy, tidy_line


class LineText(forms.CharField):
    """A text of one line."""

    def to_python(self, value: object) -> str:
        """Return the text tidied."""
        return tidy_line(super().to_python(value) or "")


class LongText(forms.CharField):
    """A text of several lines."""

    def to_python(self, value: object) -> str:
        """Return the text tidied, its lines kept."""
        return tidy(super().to_python(value) or "")
