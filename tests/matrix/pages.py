"""Read the forms of a page, and fill them in as a person would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.utils import timezone

# Boxes that are sent only when they are ticked, and buttons that are sent when they are pressed.
TICKED = {"checkbox", "radio"}
# A new row of a table: the page's script copies it, and nobody sends it.
SPARE = "__prefix__"


@dataclass
class WrittenForm:
    """One form that is posted: where it goes, and what each field would send."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    # The fields of all forms of the page: the two that approve and return share the reason.
    of_page: set[str] = field(default_factory=set)

    def filled(self) -> dict[str, list[str]]:
        """Return what is sent when every empty field is filled in plausibly."""
        return {name: values if any(values) else [self._guess(name)] for name, values in self.fields.items()}

    def _guess(self, name: str) -> str:
        options = [one for one in self.choices.get(name, ()) if one]
        if options:
            return options[0]
        kind = self.types.get(name, "")
        known = {"date": timezone.localdate().isoformat(), "number": "1", "email": "new@example.org"}
        return "" if kind in {"hidden", "select", "file"} else known.get(kind, "new1")


class _Reader(HTMLParser):
    """Collects the forms of one page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, list[WrittenForm]()
        self._form: WrittenForm | None = None
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            is_posted = found.get("method", "").lower() == "post"
            action = urlsplit(urljoin(self.path, found.get("action", ""))).path
            self._form = WrittenForm(action) if is_posted else None
            self.forms += [self._form] if self._form else []
        elif self._form is not None and SPARE not in found.get("name", ""):
            self._take(self._form, tag, found)

    def _take(self, form: WrittenForm, tag: str, found: dict[str, str]) -> None:
        name, kind = found.get("name", ""), found.get("type", "text")
        if tag == "option" and self._select:
            form.choices[self._select].append(found.get("value", ""))
            if "selected" in found:
                form.fields[self._select].append(found.get("value", ""))
        elif name and tag in {"input", "select", "textarea", "button"}:
            form.types[name] = tag if tag in {"select", "button"} else kind
            values = form.fields.setdefault(name, [])
            if tag == "select":
                self._select, form.choices[name] = name, []
            elif tag == "textarea":
                self._text = name
            elif kind not in TICKED or "checked" in found:
                values.append(found.get("value", "on" if kind in TICKED else ""))

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text and data.strip():
            self._form.fields[self._text].append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        self._select = "" if tag == "select" else self._select
        self._text = "" if tag == "textarea" else self._text


def forms_of(path: str, body: bytes) -> list[WrittenForm]:
    """Return the forms of a page that are posted, without those of the frame around it."""
    reader = _Reader(path)
    reader.feed(body.decode(errors="replace"))
    found = [one for one in reader.forms if one.action not in {"/language/", "/sign-out/"}]
    names = {name for one in found for name in one.fields}
    for one in found:
        one.of_page = names
    return found


def rows_of(form: WrittenForm) -> set[str]:
    """Return the beginnings of the names of a table's rows: `members-0-`."""
    return {found[0] for name in form.fields if (found := re.match(r"\w+-\d+-", name))}
