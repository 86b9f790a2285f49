"""Forms of records: strings become values here, and nothing is saved."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.campaigns.designs import Design, Part
from reports.records.asked import VALUE_PREFIX
from reports.records.asked_fields import NumberField, field_for
from reports.records.content import Content
from reports.records.doubts import KEY, REASON_PREFIX, Doubt
from reports.records.explaining import LONGEST_REASON
from reports.records.fields import DayField, FilesField, LineField, PickField, TagsField, TextField
from reports.records.files.inspecting import FIELD
from reports.records.files.kinds import ACCEPT
from reports.records.models import ActivityRecord
from reports.records.writing import Sending
from units.rules import RuleError
from units.text_fields import LineText
from units.texts import tidy_line

TITLE_LENGTH = 120
TEXT_LENGTH = 5000
NOTE_LENGTH = 500
# In the order of the page.
PARTS = ("place", "speaker", "mode", "topic", "tags")
# Where the field of a part is not called as the part.
NAMES: dict[str, str] = {Part.ATTACHMENTS: FIELD}


class ReasonField(LineField):
    """The explanation of one doubt."""

    def __init__(self, doubt: Doubt) -> None:
        self.doubt = doubt
        super().__init__(label=_("Please explain"), max_length=LONGEST_REASON)
        # One sentence says it before and after it was refused, so that nobody hears it twice.
        described = {"autocomplete": "off", "aria-describedby": f"id_{doubt.reason_field}_said"}
        self.widget.attrs |= described


class RecordForm(forms.Form):
    """What an author writes, whatever the type; `build` adds what the type asks for.

    `key` makes the same form sent twice one record; `version` is the stored one that was on screen; `tab`
    is the browser's tab, `taken_up` the unsent copy that it was opened with.
    """

    design = Design()
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    tab = forms.UUIDField(widget=forms.HiddenInput, required=False)
    taken_up = LineText(widget=forms.HiddenInput, required=False, max_length=40)
    title = LineField(label=_("Title"), max_length=TITLE_LENGTH, autocomplete="off")
    held_on = DayField()
    text = TextField(label=_("What took place"), max_length=TEXT_LENGTH)

    @property
    def parts(self) -> list[forms.BoundField]:
        """Return the fields of the parts that the type shows, in the order of the page."""
        return [self[name] for name in PARTS if name in self.fields]

    @property
    def numbers(self) -> list[forms.BoundField]:
        """Return the type's own fields in its order."""
        return [self[name] for name in self.fields if name.startswith(VALUE_PREFIX)]

    def reasons_at(self, name: str) -> list[forms.BoundField]:
        """Return the boxes for explanations that belong under one field."""
        boxes = ((box, field) for box, field in self.fields.items() if isinstance(field, ReasonField))
        return [self[box] for box, field in boxes if field.doubt.field == name]

    @property
    def joins(self) -> bool:
        """Say whether the record is to join the event of the other unit that reported the same."""
        return bool(self.data.get("joins_twin"))

    @property
    def is_readable(self) -> bool:
        """Say whether the day could be read, so that there is content to judge."""
        return "held_on" in self.cleaned_data and "key" in self.cleaned_data

    def sending(self, *, is_final: bool) -> Sending:
        """Return how the form was sent."""
        given = self.cleaned_data
        return Sending(is_final, given["version"] or 0, given["key"], given.get("tab"))

    @property
    def attachments(self) -> forms.BoundField | None:
        """Return the field of photos and files, where the type takes them."""
        return self[FIELD] if FIELD in self.fields else None

    def content(self) -> Content:
        """Return what was entered; call it when the form is bound and readable."""
        given = self.cleaned_data
        entered = {
            name.removeprefix(VALUE_PREFIX): value
            for name, value in given.items()
            if name.startswith(VALUE_PREFIX) and value not in (None, "")
        }
        texts = {name: given.get(name, "") for name in ("title", "text", *PARTS) if name != "tags"}
        return Content(
            held_on=given["held_on"],
            tags=given.get("tags", ()),
            values={code: value for code, value in entered.items() if isinstance(value, int)},
            answers={code: value for code, value in entered.items() if isinstance(value, str)},
            reasons=self._reasons(),
            **texts,
        )

    def _reasons(self) -> dict[str, str]:
        """Return the explanations that were typed, whatever is in doubt now."""
        names = (name for name in self.data if name.startswith(REASON_PREFIX))
        typed = {name.removeprefix(REASON_PREFIX): tidy_line(str(self.data[name])) for name in names}
        return {key: reason for key, reason in typed.items() if reason and KEY.match(key)}

    def ask_reasons(self, found: Iterable[Doubt]) -> None:
        """Open a box for the explanation of each doubt."""
        for doubt in found:
            self.fields[doubt.reason_field] = ReasonField(doubt)

    def show_hints(self, last: Mapping[str, int]) -> None:
        """Show what the unit entered the last time; not asked for before a page is shown."""
        for code, number in last.items():
            field = self.fields.get(VALUE_PREFIX + code)
            if isinstance(field, NumberField):
                field.help_text = self[VALUE_PREFIX + code].help_text = field.hint(number)

    def carry_reasons(self) -> None:
        """Take along the explanations for which there is no box at present."""
        for name in self.initial.keys() - self.fields.keys():
            if name.startswith(REASON_PREFIX):
                self.fields[name] = LineText(required=False, widget=forms.HiddenInput)

    def show_gaps(self, gaps: Iterable[RuleError]) -> None:
        """Show what a stored record still lacks, before anything has been sent."""
        self.data = {
            self.add_prefix(name): self.get_initial_for_field(field, name)
            for name, field in self.fields.items()
        }
        self.is_bound = True
        self.full_clean()
        self.refuse(gaps)

    def continue_from(self, stored: ActivityRecord) -> None:
        """Let the person's content replace what is stored now, should they send it once more."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(stored.version)  # type: ignore[index]

    def refuse(self, refused: Iterable[RuleError]) -> None:
        """Show broken rules at their fields, on top where they have none; one error per field is enough."""
        for error in refused:
            name = error.field if error.field in self.fields else None
            if name is None or name not in self.errors:
                self.add_error(name, forms.ValidationError(str(error.message), code=error.code))


def build(design: Design) -> type[RecordForm]:
    """Return the form of a design."""
    parts: dict[str, forms.Field] = {
        Part.PLACE: LineField(label=_("Place"), max_length=TITLE_LENGTH),
        Part.SPEAKER: LineField(label=_("Speaker"), max_length=TITLE_LENGTH),
        Part.MODE: PickField(label=_("How it was done"), options=design.modes, is_optional=False),
        Part.TOPIC: LineField(label=_("Topic"), max_length=TITLE_LENGTH),
        Part.TAGS: TagsField(label=_("Tags")),
        Part.ATTACHMENTS: FilesField(label=_("Photos and files"), accept=ACCEPT),
    }
    shown: dict[str, object] = {
        NAMES.get(part, part): field for part, field in parts.items() if design.shows(Part(part))
    }
    asked = {VALUE_PREFIX + ask.code: field_for(ask) for ask in design.asks}
    return type("RecordFormOfType", (RecordForm,), {"design": design} | shown | asked)


def initial_of(content: Content, *, key: uuid.UUID, version: int | None = None) -> dict[str, object]:
    """Return content as the initial values of a form."""
    entered = {VALUE_PREFIX + code: value for code, value in {**content.values, **content.answers}.items()}
    reasons = {REASON_PREFIX + key: reason for key, reason in content.reasons.items()}
    hidden = {"key": key, "version": version, "tab": uuid.uuid4()}
    return hidden | content.columns() | entered | reasons


def initial_of_new(today: dt.date, example: ActivityRecord | None) -> dict[str, object]:
    """Return the initial values of a new record: today, and the texts of an example without its numbers."""
    content = Content(today)
    if example is not None:
        content = replace(Content.of(example), held_on=today, values={}, reasons={})
    return initial_of(content, key=uuid.uuid4())


class StepForm(forms.Form):
    """The small form behind a button: the version that was on screen, and a reason where one is given."""

    version = forms.IntegerField(min_value=1)
    note = LineText(required=False)

    @property
    def seen(self) -> int:
        """Return the version that the person saw, 0 where none came along."""
        return self.cleaned_data["version"] if self.is_valid() else 0

    @property
    def reason(self) -> str:
        """Return the reason, cut to what a step keeps."""
        return tidy_line(str(self.data.get("note", "")))[:NOTE_LENGTH]

    def as_seen(self, record: ActivityRecord) -> ActivityRecord:
        """Return the record in the version that the person saw, so that the verb's claim compares with it."""
        record.version = self.seen
        return record
