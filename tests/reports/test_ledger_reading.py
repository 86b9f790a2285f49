"""Reading ledgers: every kind of file, pasted cells, and files that mean harm."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook

from reports.records.ledgers.handing_in import Ledger, Said, plan_of
from reports.records.ledgers.pasting import sheet_of
from reports.records.ledgers.planning import Plan
from tests.personas import World
from tests.reports.ledger_files import HEADINGS, codes, ledger, row
from tests.units.workbook_files import cell, xlsx
from units.rules import RuleError
from units.workbooks.limits import MAX_COLUMNS
from units.workbooks.reading import Cell, Sheet, WorkbookError, read

NASTY = settings.BASE_DIR.parent / "shared" / "data" / "nasty" / "poi"


def excel(*rows: list[Cell], title: str = "宣讲") -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for cells in rows:
        page.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def planned(world: World, content: bytes, name: str, *, is_chosen: bool = False) -> Ledger:
    chosen = world.lecture if is_chosen else None
    return Ledger(Said(world.school, world.campaign, True, chosen), read(content, name))


def test_own_workbook_with_title_rows_totals_and_hidden_rows_is_read(world: World) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "宣讲"
    for cells in (
        ["2026年宣讲活动台账"],
        [],
        ["序号", "活动日期", "活动名称", "地 点", "场次（场）*", "线下人次", "线上人次(人次)", "备注"],
        [1, world.today, "一", "报告厅", 1, 120, None, "无"],
        [],
        [2, world.today, "二", None, 1, "１，２６０", 300, None],
        ["合计", None, None, None, 2, 1380, 300, None],
    ):
        page.append(cells)
    page.merge_cells("A1:H1")
    page.row_dimensions[6].hidden = True
    file = io.BytesIO()
    book.save(file)
    plan = plan_of(planned(world, file.getvalue(), "自己的台账.xlsx"))
    assert [(item.line.row, item.content.values) for item in plan.items] == [
        (4, {"sessions": 1, "onsite": 120}),
        (6, {"sessions": 1, "onsite": 1260, "online": 300}),
    ]
    assert plan.problems == []
    assert plan.passed_over == ["宣讲 · 序号", "宣讲 · 备注"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_of_a_chosen_type_is_read_in_every_encoding(world: World, encoding: str) -> None:
    lines = f"日期,标题,场次,线下人次\r\n{world.today:%Y/%m/%d},生僻字𠮷,1,120\r\n"
    plan = plan_of(planned(world, lines.encode(encoding), "a.csv", is_chosen=True))
    assert [item.content.title for item in plan.items] == ["生僻字𠮷"]


def test_file_that_does_not_say_its_type_asks_for_it(world: World) -> None:
    lines = f"日期,标题\n{world.today},一\n"
    [problem] = plan_of(planned(world, lines.encode(), "a.csv")).problems
    assert problem.code == "type_unsaid"


def test_sheet_without_headings_is_told_and_a_foreign_sheet_is_passed_over(world: World) -> None:
    plan = plan_of(planned(world, excel(["一", "二"]), "a.xlsx"))
    assert [problem.code for problem in plan.problems] == ["no_header"]
    plan = plan_of(planned(world, excel(["一", "二"], title="其他"), "a.xlsx"))
    assert [problem.code for problem in plan.problems] == ["no_table"]
    assert plan.passed_over == ["其他"]


def test_pasted_cells_are_read_with_and_without_headings(world: World) -> None:
    headings = "\t".join(str(heading) for heading in HEADINGS)
    cells = f'{world.today}\t宣讲\t报告厅\t1\t1,200\t\t"第一行\n第二行"\n'
    for block in (cells, f"{headings}\t活动内容\n{cells}"):
        said = Said(world.school, world.campaign, True, world.lecture, is_bare=True)
        [item] = plan_of(Ledger(said, [sheet_of(block)])).items
        assert (item.content.title, item.content.place) == ("宣讲", "报告厅")
        assert item.content.values == {"sessions": 1, "onsite": 1200}
        assert item.content.text == "第一行\n第二行"


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (" \n", "empty"),
        ("a\t" * 101, "too_large"),
        ("a" * 600_000, "too_large"),
        ('"' + "a" * 200_000, "damaged"),
    ],
)
def test_block_that_is_none_is_refused(block: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        sheet_of(block)
    assert refused.value.code == code


def test_day_outside_the_periods_or_of_an_inactive_unit_is_an_error_at_its_cell(world: World) -> None:
    early = row(world, "一", day=world.campaign.starts_on - dt.timedelta(days=1))
    assert codes(plan_of(ledger(world, early))) == [(2, "A", "outside_periods")]
    world.school = world.closed_school
    assert codes(plan_of(ledger(world, row(world, "一")))) == [(2, "A", "unit_inactive")]


def test_too_many_rows_are_refused_before_they_are_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.records.ledgers.planning.MOST_LINES", 1)
    plan = plan_of(ledger(world, row(world, "一"), row(world, "二")))
    assert [problem.code for problem in plan.problems] == ["too_many"]


@pytest.mark.skipif(not NASTY.exists(), reason="the published odd workbooks are not on this machine")
@pytest.mark.parametrize(
    "path", sorted(NASTY.glob("*")) if NASTY.exists() else [], ids=lambda path: path.name
)
def test_published_odd_file_is_no_ledger_and_does_no_harm(world: World, path: Path) -> None:
    if isinstance(found := outcome(world, path), str):
        assert path.name in found
        return
    assert found.items == []
    assert found.problems


def outcome(world: World, path: Path) -> Plan | str:
    """Return what an import of a file would do, or why it cannot be read."""
    try:
        return plan_of(planned(world, path.read_bytes(), path.name, is_chosen=True))
    except WorkbookError as refused:
        return refused.message


BOMBS = {
    "far cell": xlsx(f'<row r="1048576">{cell("XFD1048576")}</row>'),
    "10,000 columns": xlsx(f"<row>{cell() * 10_000}</row>"),
    "columns without reference": xlsx(f"<row>{cell() * (MAX_COLUMNS + 1)}</row>"),
    "shared strings": xlsx(
        "", more={"xl/sharedStrings.xml": b"<sst><si><t>" + b"a" * 60_000_000 + b"</t></si></sst>"}
    ),
    "entities": xlsx("", prolog='<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'),
    "encrypted": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    + bytes(504)
    + "EncryptedPackage".encode("utf-16-le")
    + bytes(600),
    "truncated": excel(["日期", "标题"])[:-200],
    "a web page": b"<html><table><tr><td>1</td></tr></table></html>",
}


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bomb_is_refused_by_its_own_message(name: str) -> None:
    with pytest.raises(WorkbookError) as refused:
        read(BOMBS[name], "ledger.xlsx")
    assert "ledger.xlsx" in refused.value.message


def test_sheet_of_many_short_strings_is_read_within_the_limits(world: World) -> None:
    rows = [[*HEADINGS], *(row(world, f"第{number}场") for number in range(3000))]
    plan = plan_of(planned(world, excel(*rows), "a.xlsx"))
    assert (len(plan.items), plan.problems) == (3000, [])


def test_hostile_titles_are_stored_as_texts_or_refused_at_their_cell(world: World) -> None:
    hostile = [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x")',
        "\u202etxt.exe",
        "a\x00b",
        "𠮷野家🎉",
        "' OR 1=1 --",
    ]
    sheet = Sheet("", [HEADINGS, *(row(world, title) for title in hostile)])
    plan = plan_of(Ledger(Said(world.school, world.campaign, True, world.lecture), [sheet]))
    assert [item.content.title for item in plan.items] == [
        "<script>alert(1)</script>", "=HYPERLINK(\"http://x\")", "txt.exe", "ab", "𠮷野家🎉", "' OR 1=1 --",
    ]  # fmt: skip
