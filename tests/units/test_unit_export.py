"""The export of units: who may, what it holds, and that it can be imported again as it is."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from tests.personas import World, person, unit
from units.importing.carrying_out import carry_out
from units.importing.plan import Fate, Options, make_plan
from units.importing.table import Table, find_table
from units.importing.template import write_template
from units.models import Account, AuditEntry, Deed, Unit, UnitKind
from units.resources import COLUMNS
from units.workbooks.reading import Cell, Sheet, read

SignIn = Callable[[Account], Client]
HEADER: list[Cell] = ["单位代码", "单位名称", "类型", "教职工数", "人数统计日期", "设立日期", "撤销日期"]


@pytest.fixture
def strange(world: World) -> World:
    """Return the world with units whose texts and facts are hard to carry."""
    for number, name in enumerate(
        ["=1+1学校", "'引号学校", "@学校", "＝全角学校", "𬭸𰻞县中学", 'a,b"c<d>&学校']
    ):
        unit(f"0{number}", name, "school", world.bureau, place="-城东")
    heads: dict[str, Any] = {"n_staff": 0, "n_students": 1234567, "counted_on": dt.date(2026, 9, 1)}
    Unit.objects.filter(pk=world.school.pk).update(opened_on=dt.date(1952, 9, 1), **heads)
    return world


def export(browser: Client, name: str, **asked: str) -> Any:
    return browser.post(reverse("admin:units_unit_export", query=asked), {"format": name})


@pytest.mark.parametrize("name", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_export_comes_back_unchanged(
    strange: World, sign_in: SignIn, settings: LazySettings, name: str, language: str
) -> None:
    settings.LANGUAGE_CODE = language
    Account.objects.update(language=language)
    file = export(sign_in(strange.administrator), name)
    assert file.status_code == 200
    assert f".{name}" in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    plan = make_plan(find_table(read(file.content, f"units.{name}")), Options())
    assert plan.problems == []
    assert plan.count(Fate.UNCHANGED) == len(plan.items) == Unit.objects.count()


def test_kinds_that_share_a_name_come_back_all_the_same(strange: World, sign_in: SignIn) -> None:
    UnitKind.objects.create(code="other_school", name="局直属学校", name_en="School")
    UnitKind.objects.filter(code="school").update(name="局直属学校", name_en="School")
    file = export(sign_in(strange.administrator), "csv")
    plan = make_plan(find_table(read(file.content, "units.csv")), Options())
    assert (plan.problems, plan.count(Fate.CHANGED)) == ([], 0)


def test_c60_no_cell_is_a_formula(strange: World, sign_in: SignIn) -> None:
    browser = sign_in(strange.administrator)
    rows = list(csv.reader(io.StringIO(export(browser, "csv").content.decode("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "＝"))]
    sheet = load_workbook(io.BytesIO(export(browser, "xlsx").content)).active
    assert sheet is not None
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_export_is_the_list_as_filtered_and_is_audited(world: World, sign_in: SignIn) -> None:
    file = export(sign_in(world.administrator), "csv", q="第一")
    assert len(file.content.decode("utf-8-sig").strip().splitlines()) == 2
    entry = AuditEntry.objects.get(deed=Deed.EXPORT)
    assert entry.actor == world.administrator
    assert entry.changes == {"format": "csv", "n_rows": 1, "filter": {"q": ["第一"]}}


@pytest.mark.parametrize("who", ["newcomer", "reviewer", "auditor", "liaison", "leader"])
def test_nobody_else_exports(world: World, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(world, who))
    assert browser.get(reverse("admin:units_unit_export")).status_code == 403
    assert export(browser, "csv").status_code == 403
    assert not AuditEntry.objects.filter(deed=Deed.EXPORT).exists()


@pytest.mark.parametrize("name", ["xls", "", "html", "../etc"])
def test_other_formats_are_not_written(world: World, sign_in: SignIn, name: str) -> None:
    told = export(sign_in(world.administrator), name)
    assert told["Content-Type"].startswith("text/html")
    assert not AuditEntry.objects.filter(deed=Deed.EXPORT).exists()


def test_template_offers_the_kinds_and_can_be_filled_in(world: World, sign_in: SignIn) -> None:
    file = sign_in(world.administrator).get(reverse("admin:units_unit_import_template"))
    book = load_workbook(io.BytesIO(file.content))
    sheet, notes = book.worksheets
    (choice,) = sheet.data_validations.dataValidation
    kinds = [str(kind) for kind in UnitKind.objects.all()]
    offered = [row[0].value for row in notes[str(choice.formula1).split("!")[1].replace("$", "")]]
    assert offered == kinds
    filled = ["N1", "新建小学", kinds[-1], "B", "滨海市", "", "", 30, 9, 400, dt.date(2026, 9, 1), None, None]
    sheet.append(filled)
    kept = io.BytesIO()
    book.save(kept)
    table = find_table(read(kept.getvalue(), "filled.xlsx"))
    assert set(table.columns) == set(COLUMNS)
    carry_out(table, Options(), actor=world.administrator, source="filled.xlsx")
    new = Unit.objects.get(code="N1")
    assert (new.parent, new.n_staff, new.counted_on) == (world.bureau, 30, dt.date(2026, 9, 1))
    assert new.initials == "xjxx"


def test_empty_template_says_that_it_is_empty(db: None) -> None:
    plan = make_plan(find_table(read(write_template(UnitKind.objects.all()), "empty.xlsx")), Options())
    assert [problem.code for problem in plan.problems] == ["no_rows"]


@pytest.mark.parametrize("who", ["newcomer", "reviewer"])
def test_template_is_for_those_who_import(world: World, sign_in: SignIn, who: str) -> None:
    assert sign_in(getattr(world, who)).get(reverse("admin:units_unit_import_template")).status_code == 403


def list_of(*rows: list[Cell]) -> Table:
    return find_table([Sheet("名单", [HEADER, *rows])])


@pytest.mark.parametrize(
    ("column", "cell", "place", "code"),
    [
        (3, "许多", "名单!D2", "no_number"),
        (3, -1, "名单!D2", "no_number"),
        (3, 1.5, "名单!D2", "no_number"),
        (3, 2**31, "名单!D2", "no_number"),
        (4, "2026-02-30", "名单!E2", "no_day"),
        (5, "去年", "名单!F2", "no_day"),
        (6, "2000-01-01", "名单!G2", "closes_before_opening"),
    ],
)
def test_wrong_cell_is_named_by_sheet_row_and_column(
    db: None, column: int, cell: Cell, place: str, code: str
) -> None:
    row: list[Cell] = ["N", "新校", "school", 5, "2026-09-01", "2020-09-01", None]
    row[column] = cell
    table = list_of(row)
    problems = make_plan(table, Options()).problems
    assert [(table.place(problem), problem.code) for problem in problems] == [(place, code)]


@pytest.mark.parametrize(
    "day",
    [
        "2026-09-01",
        "2026/9/1",
        "2026.9.1",
        "2026年9月1日",
        "２０２６－０９－０１",
        dt.date(2026, 9, 1),
        dt.datetime(2026, 9, 1),  # noqa: DTZ001 - a spreadsheet knows no time zone
    ],
)
def test_days_are_read_as_people_write_them(db: None, day: Cell) -> None:
    plan = make_plan(list_of(["N", "新校", "school", "1,200", day, None, None]), Options())
    assert (plan.items[0].unit.counted_on, plan.items[0].unit.n_staff) == (dt.date(2026, 9, 1), 1200)


def test_closing_of_a_merged_unit_stays(world: World) -> None:
    Unit.objects.filter(pk=world.school.pk).update(merged_into=world.other_school, closed_on=world.today)
    plan = make_plan(list_of(["S1", world.school.name, "school", None, None, None, None]), Options())
    assert [problem.code for problem in plan.problems] == ["merged"]


def test_second_sheet_with_a_list_is_not_passed_over(db: None) -> None:
    sheets = [Sheet("甲", [HEADER, ["A", "甲校", "school"]]), Sheet("乙", [HEADER, ["B", "乙校", "school"]])]
    plan = make_plan(find_table(sheets), Options())
    assert [problem.code for problem in plan.problems] == ["another_sheet"]


def test_pages_of_the_export_cost_the_same_for_few_and_many(
    world: World, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    person("other", "其他人")
    browser = sign_in(world.administrator)
    for number in range(60):
        unit(f"Q{number}", f"第{number}学校", "school", world.bureau)
    with django_assert_max_num_queries(16):
        assert export(browser, "csv").status_code == 200
