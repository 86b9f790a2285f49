"""The demonstration's weekly reports: in time, late, zero and missing; then what reviewers made of them."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable

from portal.demonstration import texts
from portal.demonstration.activity import SEED, Stage
from portal.demonstration.reviews import Life, judge
from reports.records.models import ActivityRecord
from reports.weekly.models import ReportStep, Step, WeeklyReport
from units import audit

COLUMNS = [
    "is_zero",
    "progress",
    "highlights",
    "problems",
    "plan",
    "reason",
    "filed_by",
    "filed_at",
    "due_at",
    "close_at",
    "returned_by",
    "returned_at",
    "return_reason",
    "n_returns",
    "accepted_by",
    "accepted_at",
    "excused_by",
    "excused_at",
    "excuse",
    "asked_by",
    "asked_at",
    "ask_note",
    "version",
    "made_at",
]
Done = dict[tuple[int, int], Counter[str]]


def file_reports(stage: Stage, records: Iterable[ActivityRecord]) -> None:
    """Fill in what the units owed and have filed by now; the last week of the shown unit stays open."""
    done = _done(records)
    current = stage.frame.weeks[-1]
    owed = list(
        WeeklyReport.objects.filter(period__campaign=stage.frame.campaign)
        .select_related("unit", "period__campaign")
        .order_by("period__number", "unit__path")
    )
    filed: list[WeeklyReport] = []
    life = Life()
    for report in owed:
        report.made_at = dt.datetime.combine(
            report.period.starts_on, dt.time(0, 1), stage.frame.campaign.zone
        )
        chance = random.Random(f"{SEED} {report.unit.code} {report.period.number} filed")
        at = _filed_at(report, chance)
        is_kept_open = report.unit == stage.places.show_case and report.period == current
        if at is not None and at <= stage.now and not is_kept_open:
            filed.append(_fill(report, at, stage, done, chance))
            step = Step.ZERO if report.is_zero else Step.FILE
            life.step(report, step, at, report.filed_by, content=_content(report))
    judge(stage, owed, filed, life)
    # An upsert on the primary key: bulk_update's CASE took a quarter of the whole load.
    WeeklyReport.objects.bulk_create(
        owed, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS
    )
    ReportStep.objects.bulk_create(life.steps, batch_size=500)
    audit.record_many(sorted(life.entries, key=lambda entry: entry.at))


def _done(records: Iterable[ActivityRecord]) -> Done:
    """Return how many records of which type each unit has in each week."""
    done: Done = defaultdict(Counter)
    for record in records:
        done[record.unit_id, record.period_id][record.activity_type.name] += 1
    return done


def _filed_at(report: WeeklyReport, chance: random.Random) -> dt.datetime | None:
    """Return when the unit files: mostly on the last two days, sometimes late, sometimes never."""
    [way] = chance.choices(["in time", "late", "never"], [87, 8, 5])
    if way == "never":
        return None
    due_at = report.due_at.replace(second=0, microsecond=0)
    if way == "late":
        return due_at + dt.timedelta(hours=chance.randint(1, 66), minutes=chance.randint(0, 59))
    return due_at - dt.timedelta(hours=chance.randint(0, 30), minutes=chance.randint(1, 59))


def _fill(
    report: WeeklyReport, at: dt.datetime, stage: Stage, done: Done, chance: random.Random
) -> WeeklyReport:
    """Put in what the unit wrote; a week without records is a zero report with its reason."""
    report.filed_at, report.filed_by = at, stage.people.liaisons[report.unit_id]
    types = done[report.unit_id, report.period_id]
    if types:
        listed = "、".join(f"{name}{number}次" for name, number in types.most_common())
        report.progress = f"本周开展{listed}，党员干部参加率良好，问题清单按期推进。"
        report.plan = chance.choice(texts.PLANS)
        report.highlights = chance.choice(texts.HIGHLIGHTS)
        report.problems = chance.choice(texts.PROBLEMS)
    else:
        report.is_zero, report.reason = True, chance.choice(texts.ZERO_REASONS)
    return report


def _content(report: WeeklyReport) -> dict[str, object]:
    """Return what the step of a filing keeps."""
    if report.is_zero:
        return {"reason": report.reason, "is_zero": True}
    names = ("progress", "highlights", "problems", "plan")
    return {name: getattr(report, name) for name in names} | {"is_zero": False}
