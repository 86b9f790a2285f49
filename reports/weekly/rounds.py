"""The rounds of a report as a timeline: who did what, when and why, and what each filing changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.records.differences import Difference
from reports.weekly.models import ReportStep, Step, WeeklyReport

TEXT_NAMES: dict[str, str | Promise] = {
    "progress": _("Progress"),
    "highlights": _("Highlights"),
    "problems": _("Problems"),
    "plan": _("Next week's plan"),
    "reason": _("Reason"),
}
FILINGS = {Step.FILE, Step.ZERO}


@dataclass(frozen=True, slots=True)
class Round:
    """One step; `due_at` is the new due moment that it gave, `differences` are those to the filing before."""

    step: str
    name: str
    actor: str
    at: dt.datetime
    note: str
    due_at: dt.datetime | None
    differences: tuple[Difference, ...]


def rounds_of(report: WeeklyReport) -> list[Round]:
    """Return the steps of a report, oldest first, each filing with what it changed. Queries: one."""
    found, last = [], None
    for row in ReportStep.objects.filter(report=report).select_related("actor").order_by("version"):
        content = row.content if row.step in FILINGS else None
        changed = _differences(last, content) if last is not None and content is not None else ()
        last = content or last
        found.append(_round(row, changed))
    return found


def _round(row: ReportStep, changed: tuple[Difference, ...]) -> Round:
    """Return one stored step in people's words."""
    became = row.content.get("due_at", ["", ""])[1]
    return Round(
        step=row.step,
        name=str(row.get_step_display()),
        actor=str(row.actor or ""),
        at=row.at,
        note=row.note,
        due_at=parse_datetime(became) if became else None,
        differences=changed,
    )


def _differences(was: dict[str, str], became: dict[str, str]) -> tuple[Difference, ...]:
    """Return the texts in which two filings differ."""
    pairs = ((str(label), was.get(name, ""), became.get(name, "")) for name, label in TEXT_NAMES.items())
    return tuple(Difference(label, old, new) for label, old, new in pairs if old != new)
