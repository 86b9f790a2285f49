"""What reviewers made of the demonstration's reports: accepted, returned, excused, and one request."""

from __future__ import annotations

import datetime as dt
import random
import zlib
from dataclasses import dataclass, field

from portal.demonstration import texts
from portal.demonstration.activity import SEED, Stage
from reports.weekly.deadlines import due_after_return, later
from reports.weekly.models import ReportStep, Step, WeeklyReport
from reports.weekly.stepping import DEEDS
from units import audit
from units.models import Account, AuditEntry

N_EXCUSED = 2
# Returned and not filed again yet, besides the shown unit's.
N_RETURNED = 2


@dataclass
class Life:
    """The unsaved steps and audit rows of all reports."""

    steps: list[ReportStep] = field(default_factory=list)
    entries: list[AuditEntry] = field(default_factory=list)

    def step(
        self,
        report: WeeklyReport,
        step: Step,
        at: dt.datetime,
        actor: Account | None,
        *,
        note: str = "",
        content: dict[str, object] | None = None,
    ) -> None:
        """Note one step, as the verbs do."""
        report.version += 1
        kept = content or {}
        self.steps.append(
            ReportStep(
                report=report,
                step=step,
                version=report.version,
                actor=actor,
                note=note,
                content=kept,
                at=at,
            )
        )
        told = {name: text for name, text in kept.items() if text != ""} | ({"reason": note} if note else {})
        entry = audit.entry(DEEDS[step], actor=actor, subject=report, unit=report.unit, changes=told)
        entry.at = at
        self.entries.append(entry)


def judge(stage: Stage, owed: list[WeeklyReport], filed: list[WeeklyReport], life: Life) -> None:
    """Let the reviewers decide on what was filed; the latest weeks wait, in part, still."""
    lately = {week.pk for week in stage.frame.weeks[-2:]}
    former = [
        report for report in filed if report.period_id == stage.frame.weeks[-2].pk and not report.is_zero
    ]
    shown = [report for report in former if report.unit == stage.places.show_case]
    others = [report for report in former if report not in shown][:N_RETURNED]
    for report in (*shown, *others):
        _send_back(report, stage, life, at=stage.now - dt.timedelta(hours=2))
    for report in filed:
        if report.period_id not in lately:
            _accept(report, stage, life)
    missing = [report for report in owed if report.filed_at is None and report.returned_at is None]
    overdue = [report for report in missing if report.due_at < stage.now]
    for report, reason in zip(overdue[:N_EXCUSED], texts.EXCUSES, strict=False):
        _excuse(report, stage, life, reason)
    if len(overdue) > N_EXCUSED:
        _ask(overdue[-1], stage, life)


def _number(report: WeeklyReport) -> int:
    """Return a number that is the unit's own at every load, as the number of its row is not."""
    return zlib.crc32(report.unit.code.encode())


def _reviewer(report: WeeklyReport, stage: Stage) -> Account:
    """Return who decides on a report."""
    return stage.people.reviewers[_number(report) % len(stage.people.reviewers)]


def _accept(report: WeeklyReport, stage: Stage, life: Life) -> None:
    """Accept a report of an earlier week, now and then after a round of correction."""
    chance = random.Random(f"{SEED} {report.unit.code} {report.period.number} accepted")
    if report.filed_at is None:
        return
    if not report.is_zero and chance.random() < 0.06:
        _send_back(report, stage, life, at=report.filed_at + dt.timedelta(hours=chance.randint(3, 20)))
        _file_again(report, stage, life)
    at = report.filed_at + dt.timedelta(hours=chance.randint(2, 70), minutes=chance.randint(0, 59))
    if at < stage.now:
        report.accepted_by, report.accepted_at = _reviewer(report, stage), at
        life.step(report, Step.ACCEPT, at, report.accepted_by)


def _send_back(report: WeeklyReport, stage: Stage, life: Life, *, at: dt.datetime) -> None:
    """Return a report; it is due anew."""
    note = texts.REPORT_RETURNS[_number(report) % len(texts.REPORT_RETURNS)]
    dues = later(report, due_after_return(stage.frame.campaign, at))
    moved = {
        name: [getattr(report, name).isoformat(), moment.isoformat()]
        for name, moment in dues.items()
        if moment != getattr(report, name)
    }
    report.due_at, report.close_at = dues["due_at"], dues["close_at"]
    report.filed_at = None
    report.returned_by, report.returned_at, report.return_reason = _reviewer(report, stage), at, note
    report.n_returns += 1
    life.step(report, Step.RETURN, at, report.returned_by, note=note, content=dict(moved))


def _file_again(report: WeeklyReport, stage: Stage, life: Life) -> None:
    """File a returned report anew, with something added."""
    at = min((report.returned_at or stage.now) + dt.timedelta(hours=20), report.due_at)
    report.progress = (
        f"{report.progress}{texts.CORRECTED}{texts.REPORTS[_number(report) % len(texts.REPORTS)]}"
    )
    report.filed_at, report.returned_by, report.returned_at, report.return_reason = at, None, None, ""
    names = ("progress", "highlights", "problems", "plan")
    content = {name: getattr(report, name) for name in names} | {"is_zero": False}
    life.step(report, Step.FILE, at, report.filed_by, content=content)


def _excuse(report: WeeklyReport, stage: Stage, life: Life, reason: str) -> None:
    """Let a unit owe nothing for a week."""
    at = report.due_at - dt.timedelta(hours=5)
    report.excused_by, report.excused_at, report.excuse = _reviewer(report, stage), at, reason
    life.step(report, Step.EXCUSE, at, report.excused_by, note=reason)


def _ask(report: WeeklyReport, stage: Stage, life: Life) -> None:
    """Ask for more time; nobody has answered yet."""
    at = stage.now - dt.timedelta(hours=3)
    liaison = stage.people.liaisons[report.unit_id]
    report.asked_by, report.asked_at, report.ask_note = liaison, at, texts.ASK_NOTE
    life.step(report, Step.ASK, at, liaison, note=texts.ASK_NOTE)
