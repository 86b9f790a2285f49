"""Form fields that every record has: days as people write them, texts without hidden characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.texts import tidy, tidy_line

MOST_TAGS = 10
LONGEST_TAG = 20
MOST_BUTTONS = 6
# What people write between two words of a list, in Chinese and in English.
BETWEEN_TAGS = re.compile(r"[\s,，、;；#＃]+")


class LineField(forms.CharField):
    """A text of one line; the browser is not told the limit, for it would cut a pasted text silently."""

    is_optional = True

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


class TagsField(LineField):
    """A few words by which the record is found again, apart as people write them; gives a tuple."""

    def __init__(self, *, label: object) -> None:
        super().__init__(label=label, max_length=MOST_TAGS * (LONGEST_TAG + 2), autocomplete="off")
        self.help_text = gettext_lazy("A few words, with a blank or a comma between them.")

    def prepare_value(self, value: object) -> object:
        """Return stored tags as one line."""
        return "，".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: object) -> tuple[str, ...]:
        """Return the words, each once.

        Raises: ValidationError `too_many`, `too_long`.
        """
        words = tuple(dict.fromkeys(word for word in BETWEEN_TAGS.split(self.to_python(value)) if word))
        if len(words) > MOST_TAGS:
            raise ValidationError(_("Write at most %(most)d tags.") % {"most": MOST_TAGS}, code="too_many")
        for word in words:
            if len(word) > LONGEST_TAG:
                message = _("“%(tag)s” is too long for a tag; %(most)d characters are the most.")
                raise ValidationError(message % {"tag": word[:40], "most": LONGEST_TAG}, code="too_long")
        return words


class PickField(forms.ChoiceField):
    """One of a few words, as buttons where they are few and as a list where they are many."""

    def __init__(self, *, label: object, options: Iterable[str], is_optional: bool) -> None:
        words = list(options)
        self.is_optional = is_optional
        self.are_buttons = len(words) <= MOST_BUTTONS
        widget = (
            forms.RadioSelect({"class": "pick-input"})
            if self.are_buttons
            else forms.Select({"class": "form-select"})
        )
        choices = [(word, word) for word in words]
        if not self.are_buttons:
            choices.insert(0, ("", "—"))
        super().__init__(label=label, required=False, widget=widget, choices=choices)  # type: ignore[arg-type]
        self.error_messages["invalid_choice"] = gettext_lazy("This is no longer offered; choose again.")


class FilesInput(forms.FileInput):
    """A choice of several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Photos and files, several at once; gives a list. What each one is, is looked at where it is stored."""

    is_optional = True

    def __init__(self, *, label: object, accept: str) -> None:
        widget = FilesInput({"accept": accept, "class": "form-control"})
        super().__init__(label=label, required=False, widget=widget)  # type: ignore[arg-type]

    def clean(self, data: object, initial: object = None) -> list[UploadedFile[bytes]]:
        """Return the files that came along."""
        sent = data if isinstance(data, list) else [data]
        return [one for one in sent if isinstance(one, UploadedFile)]


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
