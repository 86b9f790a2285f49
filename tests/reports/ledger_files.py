"""What the tests of the ledger share: workbooks filled in as a person does, and ledgers as they are read."""

from __future__ import annotations

import io

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.campaigns.models import ActivityType
from reports.records.ledgers.carrying_out import carry_out
from reports.records.ledgers.handing_in import Ledger, Said, plan_of
from reports.records.ledgers.planning import Plan
from reports.records.ledgers.template import FIRST_ROW, HEADING_ROW, write_template
from reports.records.models import ActivityRecord
from tests.personas import World
from units.importing.plan import Fate
from units.models import Account
from units.workbooks.reading import Cell, Sheet, read

HEADINGS: list[Cell] = ["日期", "标题", "地点", "场次", "线下人次", "线上人次"]
# The first row below the headings, as openpyxl counts.
FIRST = FIRST_ROW + 1


def row(world: World, title: str = "宣讲进校园", **changed: Cell) -> list[Cell]:
    """Return the cells of a complete row below HEADINGS."""
    facts: dict[str, Cell] = {
        "day": world.today,
        "title": title,
        "place": "报告厅",
        "sessions": 1,
        "onsite": 120,
        "online": 300,
    }
    return list((facts | changed).values())


def ledger(world: World, *rows: list[Cell], is_final: bool = True, **said: object) -> Ledger:
    """Return a ledger of lectures without hidden keys."""
    return Ledger(
        Said(world.school, world.campaign, is_final, world.lecture, **said),  # type: ignore[arg-type]
        [Sheet("", [HEADINGS, *rows])],
    )


def bring(ledger: Ledger, actor: Account) -> Plan:
    """Import a ledger right after its preview."""
    plan = plan_of(ledger)
    seen = {item.record.pk: item.record.version for item in plan.of(Fate.CHANGED) if item.record}
    return carry_out(ledger, actor=actor, seen=seen)


def template(world: World, *records: ActivityRecord) -> Workbook:
    """Return the ledger of the liaison's school as a spreadsheet program opens it."""
    return load_workbook(io.BytesIO(write_template(world.school, world.campaign, records)))


def sheet_of(book: Workbook, kind: ActivityType) -> Worksheet:
    """Return the sheet of a type."""
    page = book[kind.name]
    assert isinstance(page, Worksheet)
    return page


def fill(page: Worksheet, number: int, **cells: Cell) -> None:
    """Write cells by heading into one row of a sheet."""
    headings = {str(cell.value): cell.column for cell in page[HEADING_ROW + 1] if cell.value}
    for heading, value in cells.items():
        [column] = [place for name, place in headings.items() if name.startswith(heading)]
        page.cell(number, column, value)


def filled(world: World, book: Workbook, *, is_final: bool = True) -> Ledger:
    """Return a workbook as it comes back: saved, and read in the child process."""
    file = io.BytesIO()
    book.save(file)
    return Ledger(Said(world.school, world.campaign, is_final), read(file.getvalue(), "ledger.xlsx"))


def codes(plan: Plan) -> list[tuple[int, str, str]]:
    """Return the problems of a plan as (row, column, code)."""
    return [(problem.row, problem.column, problem.code) for problem in plan.problems]
