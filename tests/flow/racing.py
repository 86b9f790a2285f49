"""A racer: a process of its own that loads rows, waits for the start and does one verb.

Run as `python -m tests.flow.racing`; it reads one JSON order per line and answers with one line each.
Loading comes first and the deed starts at a moment that all racers share, so that both have read the
same version when they run.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal.celery import app  # noqa: E402
from reports.campaigns.models import ActivityType, Campaign  # noqa: E402
from reports.records import bulk, workflow  # noqa: E402
from reports.records.assigning import assign  # noqa: E402
from reports.records.content import Content  # noqa: E402
from reports.records.counting import count, count_all  # noqa: E402
from reports.records.models import ActivityRecord, Transition  # noqa: E402
from reports.statistics.models import StaleCell  # noqa: E402
from reports.statistics.tallying import tally  # noqa: E402
from reports.statistics.verifying import verify  # noqa: E402
from reports.weekly import extending, filing, reviewing  # noqa: E402
from reports.weekly.models import WeeklyReport  # noqa: E402
from tasks.tally import tally_marks  # noqa: E402
from tests.personas import World, make_world  # noqa: E402
from units import accounts, scope  # noqa: E402
from units.models import Account, AuditEntry, Unit  # noqa: E402
from units.rules import RuleError  # noqa: E402
from units.tree import plant_many  # noqa: E402

Answer = dict[str, Any]
Row = TypeVar("Row")


class Racer:
    """One process's view: what it has loaded, and what it is told to do next."""

    def __init__(self) -> None:
        self.world: World | None = None
        self.record: ActivityRecord | None = None
        self.report: WeeklyReport | None = None
        # Nobody listens to the doorbell here; the deed is what is raced.
        patch("units.doorbell.current_app").start()

    def prepare(self) -> Answer:
        """Migrate an empty database and store the small world in it, in one commit."""
        call_command("migrate", verbosity=0)
        with transaction.atomic():
            self.world = make_world()
        return {}

    def make(self, what: str) -> Answer:
        """Store a new record ("draft", "submitted") or find an owed report, and say its number."""
        assert self.world is not None
        if what in {"report", "filed report"}:
            return {"pk": self._reported(is_filed=what == "filed report").pk}
        if what in {"twice", "endorsed"}:
            return {"pk": self._reviewed_twice(is_endorsed=what == "endorsed").pk}
        return {"pk": getattr(self.world, what)().pk}

    def _reported(self, *, is_filed: bool) -> WeeklyReport:
        """Return last week's report, which has no records: owed as on the first day, or filed."""
        assert self.world is not None
        mine = WeeklyReport.objects.filter(unit=self.world.school).order_by("-period__number")
        owed = mine[1]
        undone = {
            "filed_at": None,
            "filed_by": None,
            "is_zero": False,
            "accepted_at": None,
            "returned_at": None,
        }
        WeeklyReport.objects.filter(pk=owed.pk).update(excused_at=None, asked_at=None, **undone)
        report = WeeklyReport.objects.select_related("unit", "period__campaign").get(pk=owed.pk)
        return filing.file(report, actor=self.world.liaison, progress="完成。") if is_filed else report

    def _reviewed_twice(self, *, is_endorsed: bool) -> ActivityRecord:
        """Return a waiting record of a type that two have to review."""
        assert self.world is not None
        lecture = self.world.lecture
        example, _is_new = ActivityType.objects.get_or_create(
            campaign=lecture.campaign,
            code="example",
            defaults={"name": "典型案例", "needs_second_review": True},
        )
        content = self.world.content(values={})
        record = workflow.create(self.world.school, example, content, actor=self.world.liaison)
        workflow.submit(record, actor=self.world.liaison)
        return workflow.approve(record, actor=self.world.reviewer) if is_endorsed else record

    def load(self, pk: int, what: str = "record") -> Answer:
        """Read the row that the deed is about, as a page's request does."""
        if what == "report":
            self.report = WeeklyReport.objects.select_related("unit", "period__campaign").get(pk=pk)
        else:
            self.record = ActivityRecord.objects.select_related(
                "unit", "period__campaign", "activity_type"
            ).get(pk=pk)
        return {}

    def race(self, verb: str, who: str, at: float, key: str = "") -> Answer:
        """Do `verb` as the person `who` at the shared moment `at`; say how it went."""
        actor = Account.objects.get(username=who)
        deed = self._deeds(actor, key)[verb]
        while time.monotonic() < at:
            pass
        try:
            return {"won": True, "result": deed()}
        except RuleError as refused:
            return {"won": False, "code": refused.code}

    def facts(self, pk: int) -> Answer:
        """Say what stands in the database about one record."""
        record = ActivityRecord.objects.get(pk=pk)
        trail = AuditEntry.objects.filter(object_type="records.activityrecord", object_id=str(pk))
        return {
            "status": record.status,
            "version": record.version,
            "title": record.title,
            "assigned_to": record.assigned_to_id,
            "steps": list(Transition.objects.filter(record=pk).order_by("id").values_list("verb", flat=True)),
            "deeds": list(trail.order_by("id").values_list("deed", flat=True)),
        }

    def filings(self, pk: int) -> Answer:
        """Say what stands in the database about one owed report."""
        trail = AuditEntry.objects.filter(object_type="weekly.weeklyreport", object_id=str(pk))
        report = WeeklyReport.objects.get(pk=pk)
        return {"version": report.version, "n_deeds": trail.count(), "progress": report.progress}

    def holders(self) -> Answer:
        """Say who reports for the first school."""
        school = Unit.objects.get(code="S1")
        return {"who": list(scope.holders(school, scope.REPORT).values_list("username", flat=True))}

    def books(self) -> Answer:
        """Say how many marks wait, how many cells are wrong and how many records count."""
        assert self.world is not None
        return {
            "n_marks": StaleCell.objects.count(),
            "n_wrong": len(verify(self.world.campaign, count_all(self.world.campaign))),
            "n_approved": ActivityRecord.objects.approved().count(),
        }

    def backlog(self, n_units: int, n_records: int, n_marks: int) -> Answer:
        """Approve records at many new units and mark their totals many times over; count the marks."""
        assert self.world is not None
        world, now = self.world, timezone.now()
        kind = world.school.kind
        new = [Unit(code=f"N{n}", name=f"新{n}", kind=kind, parent=world.bureau) for n in range(n_units)]
        facts = {"activity_type": world.lecture, "status": "submitted", "submitted_at": now}
        facts |= {"submitted_by": world.liaison, "author": world.liaison, "title": "宣讲"}
        periods = list(world.campaign.periods.weekly())
        with transaction.atomic():
            rows = [
                ActivityRecord(unit=school, period=period, held_on=period.starts_on, values=values, **facts)
                for school in plant_many(new, actor=None)
                for period in periods
                for values in ({"sessions": n + 1, "onsite": 7 * n} for n in range(n_records))
            ]
            stored = ActivityRecord.objects.bulk_create(rows, batch_size=500)
            bulk.approve_many([row.pk for row in stored], actor=world.reviewer)
            marks = list(StaleCell.objects.values("campaign_id", "unit_id", "period_id", "activity_type_id"))
            again = [StaleCell(**marks[n % len(marks)]) for n in range(n_marks - len(marks))]
            StaleCell.objects.bulk_create(again, batch_size=1000)
        return self.marks()

    def marks(self) -> Answer:
        """Say how many marks wait."""
        return {"n_marks": StaleCell.objects.count()}

    def work_off(self) -> Answer:
        """Work off all marks as the task does; say how many seconds it took."""
        begun = time.perf_counter()
        tally_marks()
        return {"seconds": time.perf_counter() - begun} | self.books()

    def ring(self) -> Answer:
        """Ring for the tally as a verb's commit does, over the real broker."""
        app.send_task("tasks.tally")
        return {}

    def _deeds(self, actor: Account, key: str) -> dict[str, Callable[[], object]]:
        """Return what can be raced, by name."""
        record, report = self.record, self.report
        return {
            "approve": lambda: workflow.approve(_there(record), actor=actor).version,
            "assign": lambda: assign(_there(record), actor=actor, to=actor).version,
            "return": lambda: workflow.send_back(_there(record), actor=actor, note="缺").version,
            "submit": lambda: workflow.submit(_there(record), actor=actor).version,
            "void": lambda: workflow.void(_there(record), actor=actor).version,
            "edit": lambda: workflow.edit(_there(record), _retitled(_there(record)), actor=actor).version,
            "approve many": lambda: (
                bulk.approve_many(
                    [_there(record).pk], actor=actor, versions={_there(record).pk: _there(record).version}
                ).n_done
            ),
            "return many": lambda: bulk.send_back_many([_there(record).pk], actor=actor, note="缺").n_done,
            "create": lambda: _create(actor, key),
            "file": lambda: filing.file(_there(report), actor=actor, progress=f"{os.getpid()}").version,
            "file zero": lambda: filing.file_zero(_there(report), actor=actor, reason="停课").version,
            "accept": lambda: reviewing.accept(_there(report), actor=actor).version,
            "accept many": lambda: (
                reviewing.accept_many({_there(report).pk: _there(report).version}, actor=actor).n_done
            ),
            "return report": lambda: reviewing.send_back(_there(report), actor=actor, note="缺").version,
            "excuse": lambda: extending.excuse(_there(report), actor=actor, note="停课").version,
            "ask": lambda: extending.ask(_there(report), actor=actor).version,
            "tally": self._tally,
            "hand over": lambda: _hand_over(actor, *key.split()),
        }

    def _tally(self) -> int:
        """Work off all marks, three at a time; return how many this process claimed."""
        campaign_id, claimed = Campaign.objects.get().pk, 0
        while n_marks := tally(campaign_id, count=count, batch=3):
            claimed += n_marks
        return claimed


def _there(row: Row | None) -> Row:
    """Return a row that `load` has read."""
    if row is None:
        raise LookupError("nothing is loaded")
    return row


def _retitled(record: ActivityRecord) -> Content:
    """Return a record's content under another title."""
    return Content(record.held_on, "改题", record.place, record.text, dict(record.values))


def _create(actor: Account, key: str) -> int:
    """Create the record of one sent form; return its number."""
    activity_type = ActivityType.objects.get(code="lecture")
    today = activity_type.campaign.periods.weekly().latest("number").starts_on
    content = Content(today, "宣讲", values={"sessions": 1, "onsite": 5})
    school = Unit.objects.get(code="S1")
    return workflow.create(school, activity_type, content, actor=actor, key=uuid.UUID(key)).pk


def _hand_over(actor: Account, old: str, new: str) -> int:
    """Hand one person's work over to another; return how many roles moved."""
    people = {account.username: account for account in Account.objects.filter(username__in=[old, new])}
    return len(accounts.hand_over(people[old], people[new], actor=actor))


def main() -> None:
    """Answer orders until there are no more; an error that is no refusal is an answer too."""
    racer = Racer()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = getattr(racer, order.pop("order"))(**order)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
