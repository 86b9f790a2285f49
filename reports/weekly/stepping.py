"""How every verb moves a report on: claim its version, write its step, tell the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly.models import ReportStep, Step, WeeklyReport
from units import audit
from units.models import Account, Deed
from units.rules import RuleError

Columns = Mapping[str, object]

DEEDS = {
    Step.FILE: Deed.FILE,
    Step.ZERO: Deed.FILE,
    Step.RETURN: Deed.RETURN,
    Step.ACCEPT: Deed.ACCEPT,
    Step.REOPEN: Deed.REOPEN,
    Step.SIGN: Deed.SIGN,
    Step.EXTEND: Deed.EXTEND,
    Step.EXCUSE: Deed.EXCUSE,
    Step.ASK: Deed.ASK,
    Step.REFUSE: Deed.REFUSE,
}
# Of these the trail tells what they were and what they became.
TOLD = ("due_at", "close_at")
# What a request leaves in a report, taken off again by whatever answers it.
NO_REQUEST: dict[str, object] = {"asked_by": None, "asked_at": None, "ask_note": ""}


@dataclass(frozen=True, slots=True)
class Move:
    """One step that a report takes: what becomes of its columns, why, and what the step keeps."""

    report: WeeklyReport
    columns: Columns
    note: str = ""
    content: dict[str, object] = field(default_factory=dict)


def move(step: Step, moved: Move, *, actor: Account | None) -> WeeklyReport:
    """Let one report take a step, if it is still as it was read; call it inside the verb's transaction.

    Raises: RuleError `stale`.
    """
    report = moved.report
    rows = WeeklyReport.objects.filter(pk=report.pk, version=report.version)
    if not rows.update(version=F("version") + 1, **moved.columns):
        raise RuleError(
            "stale", _("Somebody else has changed this report meanwhile; reload the page to see it.")
        )
    _note_down(step, [moved], actor)
    return report


def move_many(step: Step, moves: list[Move], *, actor: Account | None) -> None:
    """Let rows that the transaction has locked take a step. Queries: one per kind of change."""
    by_columns: dict[str, list[Move]] = {}
    for one in moves:
        by_columns.setdefault(repr(sorted(one.columns.items())), []).append(one)
    for alike in by_columns.values():
        rows = WeeklyReport.objects.filter(pk__in=[one.report.pk for one in alike])
        rows.update(version=F("version") + 1, **alike[0].columns)
    _note_down(step, moves, actor)


def locked(rows: models.QuerySet[WeeklyReport]) -> list[WeeklyReport]:
    """Return rows that nobody else changes until the commit.

    On PostgreSQL the rows are locked; on SQLite the transaction itself has locked out every writer.
    """
    joined = rows.select_related("unit", "period__campaign")
    return list(joined.select_for_update(of=("self",)).order_by("pk"))


def _note_down(step: Step, moves: Iterable[Move], actor: Account | None) -> None:
    """Write the steps and the audit rows, and bring the loaded rows up to what is stored."""
    now, steps, entries = timezone.now(), [], []
    for one in moves:
        report, told = one.report, _told(one)
        report.version += 1
        for name, value in one.columns.items():
            setattr(report, name, value)
        content = one.content | {name: pair for name, pair in told.items() if name in TOLD}
        steps.append(
            ReportStep(
                report=report,
                step=step,
                version=report.version,
                actor=actor,
                note=one.note,
                content=content,
                at=now,
            )
        )
        entries.append(audit.entry(DEEDS[step], actor=actor, subject=report, unit=report.unit, changes=told))
    ReportStep.objects.bulk_create(steps, batch_size=1000)
    audit.record_many(entries)


def _told(moved: Move) -> dict[str, object]:
    """Return what the trail tells of a step: texts that are not empty, old and new moments, the reason."""
    told: dict[str, object] = {name: text for name, text in moved.content.items() if text not in ("", None)}
    for name in TOLD:
        if name in moved.columns and moved.columns[name] != getattr(moved.report, name):
            told[name] = [_plain(getattr(moved.report, name)), _plain(moved.columns[name])]
    return told | ({"reason": moved.note} if moved.note else {})


def _plain(value: object) -> str:
    """Return a moment as JSON can hold it."""
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def reason_in(note: str, message: str) -> str:
    """Return a reason without its margins. Raises: RuleError `reason_missing`."""
    if not note.strip():
        raise RuleError("reason_missing", message, field="note")
    return note.strip()
