"""One import of a ledger in a process of its own, for its peak of memory: ours, or import-export's own.

Run as `python -m bench.ledger_runs prepare|drafts|submissions|default FOLDER`; answers in JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from import_export.formats.base_formats import XLSX  # noqa: E402
from import_export.resources import modelresource_factory  # noqa: E402
from xlsxwriter import Workbook  # noqa: E402

from bench.ledgers import N_DEFAULT, N_ROWS, N_TYPES, Found  # noqa: E402
from reports.campaigns.models import ActivityType, Campaign, Indicator, Period  # noqa: E402
from reports.records.ledgers.handing_in import Ledger, Said, find, keep, ledger_of, plan_of  # noqa: E402
from reports.records.ledgers.importing import carry_out_upload  # noqa: E402
from reports.records.ledgers.preview import preview_of, seen_in  # noqa: E402
from reports.records.models import ActivityRecord  # noqa: E402
from tests.personas import make_world  # noqa: E402
from units.models import Account, Unit  # noqa: E402
from units.workbooks.reading import read  # noqa: E402

CODES = {"sessions": "场次", "onsite": "线下人次", "online": "线上人次"}
DEFAULT = ("id", "unit", "activity_type", "period", "held_on", "title", "place", "text", "values", "status")


def prepare(folder: Path) -> Found:
    """Fill an empty database, and write the same rows as a ledger and as a flat table."""
    call_command("migrate", verbosity=0)
    with patch("units.doorbell.current_app"):
        world = make_world()
    for number in range(2, N_TYPES + 1):
        kind = ActivityType.objects.create(campaign=world.campaign, code=f"t{number}", name=f"活动{number}")
        for position, (code, name) in enumerate(CODES.items()):
            Indicator.objects.create(activity_type=kind, code=code, name=name, position=position)
    with Workbook(str(folder / "ledger.xlsx")) as book:
        pages = {kind.pk: book.add_worksheet(kind.name) for kind in ActivityType.objects.all()}
        for page in pages.values():
            page.write_row(0, 0, ["活动日期", "标题", "地点", *CODES.values(), "活动内容"])
        for number, facts in enumerate(_rows(world.campaign)):
            values = json.loads(facts["values"])
            cells = [facts["held_on"], facts["title"], facts["place"], *values.values(), facts["text"]]
            pages[facts["activity_type"]].write_row(number // N_TYPES + 1, 0, cells)
    with Workbook(str(folder / "flat.xlsx")) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, DEFAULT)
        for number, facts in enumerate(islice(_rows(world.campaign), N_DEFAULT), 1):
            page.write_row(number, 0, [facts.get(name, "") for name in DEFAULT])
    return {}


def drafts(folder: Path) -> Found:
    """Import the ledger as drafts."""
    return _ours(folder, is_final=False)


def submissions(folder: Path) -> Found:
    """Import the ledger as submissions."""
    return _ours(folder, is_final=True)


def default(folder: Path) -> Found:
    """Import the flat table as django-import-export does: a dry run for the preview, then for good."""
    content = (folder / "flat.xlsx").read_bytes()
    importer = modelresource_factory(ActivityRecord)()

    def run(*, dry_run: bool) -> None:
        result = importer.import_data(XLSX().create_dataset(content), dry_run=dry_run)
        if result.has_errors() or result.has_validation_errors() or result.totals["new"] != N_DEFAULT:
            raise AssertionError(result.totals)

    return {"preview": _seconds(lambda: run(dry_run=True)), "confirm": _seconds(lambda: run(dry_run=False))}


def _rows(campaign: Campaign) -> Iterator[dict[str, Any]]:
    """Yield the rows by the columns of the model."""
    unit = Unit.objects.get(code="S1")
    kinds = list(ActivityType.objects.order_by("pk"))
    days = [
        (week, day.isoformat())
        for week in Period.objects.filter(campaign=campaign).weekly()
        for day in (week.starts_on, week.starts_on)
    ]
    for number in range(N_ROWS):
        week, day = days[number % len(days)]
        yield {
            "unit": unit.pk,
            "activity_type": kinds[number % N_TYPES].pk,
            "period": week.pk,
            "held_on": day,
            "title": f"第{number}次宣讲：走进课堂",
            "place": f"第{number % 40}会议室",
            "text": "面向全体教师和学生，交流学习体会。" * 3,
            "values": json.dumps({"sessions": 1, "onsite": 100 + number % 50, "online": 90 + number % 60}),
            "status": "draft",
        }


def _ours(folder: Path, *, is_final: bool) -> Found:
    """Do what the pages do: read and keep, preview, import."""
    content = (folder / "ledger.xlsx").read_bytes()
    actor, unit = Account.objects.get(username="liaison"), Unit.objects.get(code="S1")
    said = Said(unit, Campaign.objects.get(), is_final)
    state: dict[str, Any] = {}

    def preview() -> None:
        upload = keep("ledger.xlsx", Ledger(said, read(content, "ledger.xlsx")), actor=actor)
        plan = plan_of(ledger_of(find(upload.key, actor=actor), actor=actor))
        if plan.problems or len(plan.items) != N_ROWS:
            raise AssertionError(plan.problems[:3])
        state.update(key=upload.key, seen=seen_in(preview_of(plan, "", "").seen))

    def confirm() -> None:
        with patch("units.doorbell.current_app"):
            plan = carry_out_upload(state["key"], actor=actor, seen=state["seen"])
        if plan.counts()["new"] != N_ROWS:
            raise AssertionError(plan.counts())

    return {"preview": _seconds(preview), "confirm": _seconds(confirm)}


def _seconds(work: Callable[[], None]) -> float:
    """Return how long something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _processor_seconds() -> float:
    """Return how long this process and its children have computed: other work on the machine is not in it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Do one run and answer."""
    runs: dict[str, Callable[[Path], Found]] = {
        "prepare": prepare,
        "drafts": drafts,
        "submissions": submissions,
        "default": default,
    }
    before = _processor_seconds()
    found = runs[sys.argv[1]](Path(sys.argv[2]))
    found["processor"] = _processor_seconds() - before
    for name, who in (("parent", resource.RUSAGE_SELF), ("child", resource.RUSAGE_CHILDREN)):
        found[name] = resource.getrusage(who).ru_maxrss / 1024
    print(json.dumps(found))


if __name__ == "__main__":
    main()
