"""A submission waits until each doubt is explained; what was said and answered stays with the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from reports.records.content import Content
from reports.records.doubts import KEY, REASON_PREFIX, Doubt
from reports.records.models import ActivityRecord
from units.rules import RuleError

SHORTEST_REASON, LONGEST_REASON = 4, 200
# More than a form can ask for; a forged one is not kept.
MOST_REASONS = 100


@dataclass(frozen=True, slots=True)
class Explained:
    """One doubt as it was said when the record was handed in, with its author's explanation."""

    field: str
    message: str
    explanation: str


def doubts_of(record: ActivityRecord) -> list[Explained]:
    """Return what was doubtful when the record was last handed in, and how it was explained."""
    return [
        Explained(doubt.field, doubt.message, record.reasons.get(doubt.key, ""))
        for doubt in said_about(record)
    ]


def said_about(record: ActivityRecord) -> list[Doubt]:
    """Return the doubts that a record keeps."""
    return stored_doubts(record.doubts)


def stored_doubts(stored: Iterable[Mapping[str, Any]]) -> list[Doubt]:
    """Return the doubts that were stored."""
    return [Doubt(one["code"], one["field"], one["facts"]) for one in stored]


def check_reasons(reasons: Mapping[str, object]) -> None:
    """Refuse explanations that no form of ours sends.

    Raises: RuleError `unknown_reason`, `reason_too_long`.
    """
    for key, reason in reasons.items():
        if not KEY.match(key) or len(reasons) > MOST_REASONS:
            raise RuleError("unknown_reason", _("There is no rule “%(key)s” to explain.") % {"key": key[:40]})
        if not isinstance(reason, str) or len(reason) > LONGEST_REASON:
            message = _("Explain it in at most %(most)d characters.") % {"most": LONGEST_REASON}
            raise RuleError("reason_too_long", message, field=REASON_PREFIX + key)


def unexplained(content: Content, found: Iterable[Doubt]) -> list[RuleError]:
    """Return the doubts that still wait for an explanation, as what stands against the submission."""
    return [
        RuleError("reason_due", _due(doubt), field=doubt.reason_field)
        for doubt in found
        if not SHORTEST_REASON <= len(content.reasons.get(doubt.key, "").strip()) <= LONGEST_REASON
    ]


def _due(doubt: Doubt) -> str:
    """Return what is said where an explanation is missing, too short or too long."""
    message = _("%(doubt)s Explain it in %(least)d to %(most)d characters, or correct it.")
    return message % {"doubt": doubt.message, "least": SHORTEST_REASON, "most": LONGEST_REASON}


def settled(content: Content, found: Iterable[Doubt]) -> Content:
    """Return the content without the explanations of what is no longer in doubt."""
    keys = {doubt.key for doubt in found}
    return replace(content, reasons={key: reason for key, reason in content.reasons.items() if key in keys})


def judged(content: Content, found: list[Doubt]) -> dict[str, object]:
    """Return the columns that a submission keeps of its doubts.

    Raises: RuleError `reason_due` at the field of the first explanation that is missing.
    """
    for due in unexplained(content, found):
        raise due
    return {"reasons": settled(content, found).reasons, "doubts": [doubt.as_json() for doubt in found]}
