"""Short mails about one matter, in the reader's language: the same frame as a digest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from units.models import Account, Mail


def letter(name: str, person: Account, *, key: str, subject: str, facts: Mapping[str, Any]) -> Mail:
    """Return the unsaved mail of one matter; `subject` and the templates of `name` speak the language set.

    Call it inside `SpeakingTo`, where moments are those of the campaign's zone.
    """
    context = {"person": person, "portal": settings.PORTAL_NAME, **facts}
    return Mail(
        key=key,
        person=person,
        address=person.email,
        subject=" ".join(subject.split())[:200],
        text=tidy(render_to_string(f"digests/{name}.txt", context)),
        html=render_to_string(f"digests/{name}.html", context).strip(),
    )


class SpeakingTo:
    """The language of a reader and the time zone of a campaign, for as long as a mail is written."""

    def __init__(self, language: str, zone: Any) -> None:
        self._language, self._zone = translation.override(language), timezone.override(zone)

    def __enter__(self) -> None:
        self._language.__enter__()
        self._zone.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._zone.__exit__(*error)
        self._language.__exit__(*error)


def tidy(text: str) -> str:
    """Take out the blank lines and indents that the template's tags leave behind."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
