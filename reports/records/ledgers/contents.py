"""From the cells of a row to the content of its record, with the explanation of what is doubtful."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.records.asked import VALUE_PREFIX
from reports.records.content import Content
from reports.records.doubts import Doubt
from reports.records.explaining import settled
from reports.records.ledgers.columns import EXPLANATION, explanation_in
from reports.records.ledgers.matching import Row
from reports.records.models import ActivityRecord
from reports.records.states import Status


def content_of(row: Row, before: Content | None) -> Content:
    """Return the content of a row; a column that the file does not have leaves what is stored."""
    values = dict(before.values) if before else {}
    answers = dict(before.answers) if before else {}
    columns: dict[str, Any] = {}
    for name, value in row.given.items():
        code = name.removeprefix(VALUE_PREFIX)
        if name == EXPLANATION:
            continue
        if code == name:
            columns[name] = value
            continue
        values.pop(code, None)
        answers.pop(code, None)
        if isinstance(value, str):
            answers |= {code: value} if value else {}
        elif value is not None:
            values[code] = value
    if before is None:
        return Content(values=values, answers=answers, **columns)
    return replace(before, values=values, answers=answers, **columns)


def explained(row: Row, content: Content, found: list[Doubt]) -> Content:
    """Return the content with the explanation of its row at each doubt; one that is stored stays."""
    if not found and not content.reasons:
        return content
    given = row.given.get(EXPLANATION, "")
    if given and given != explanation_in(content.reasons):
        content = replace(content, reasons=content.reasons | {doubt.key: given for doubt in found})
    return settled(content, found)


def is_touched(row: Row, record: ActivityRecord, content: Content, *, is_final: bool) -> bool:
    """Say whether a row says anything else than its record, or hands a draft in."""
    if content != Content.of(record) or (is_final and record.state is Status.DRAFT):
        return True
    given = row.given.get(EXPLANATION, "")
    return record.is_editable and bool(given) and given != explanation_in(record.reasons)
