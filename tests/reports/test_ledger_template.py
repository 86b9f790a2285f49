"""The ledger that units take away: what stands in it, and that it is known again however it comes back."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import Workbook, load_workbook

from reports.campaigns.models import ActivityType, Indicator
from reports.records import workflow
from reports.records.ledgers.handing_in import plan_of
from reports.records.ledgers.looks import names_of
from reports.records.models import ActivityRecord
from tests.personas import World
from tests.reports.ledger_files import FIRST, bring, codes, fill, filled, sheet_of, template
from units.models import Account
from units.workbooks.reading import Cell


@pytest.fixture(autouse=True)
def chinese() -> object:
    """Speak Chinese, as the people do who fill ledgers in."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def seminar(world: World) -> ActivityType:
    """Return a type that asks for everything that a type can ask for."""
    kind = ActivityType.objects.create(
        campaign=world.campaign,
        code="seminar",
        name="集中研讨[一]:上/下",
        shows_speaker=True,
        shows_topic=True,
        shows_tags=True,
        modes=["线上", "线下", "线上线下结合, 分会场"],
        position=1,
    )
    asked: list[tuple[str, str, str, dict[str, Any]]] = [
        ("rate", "参与率", "%", {"decimals": 2, "maximum": 10_000}),
        ("filmed", "是否录像", "", {"kind": "yes_no"}),
        ("form", "研讨形式", "", {"kind": "choice", "options": ["交流", "辅导"]}),
        ("guest", "嘉宾", "", {"kind": "text", "is_required": False}),
    ]
    for position, (code, name, measure, facts) in enumerate(asked):
        Indicator.objects.create(
            activity_type=kind, code=code, name=name, unit_of_measure=measure, position=position, **facts
        )
    return kind


def day(world: World) -> dt.datetime:
    return dt.datetime.combine(world.today, dt.time.min)


def lecture(world: World, book: Workbook, number: int, title: str, **cells: Cell) -> None:
    facts: dict[str, Cell] = {"活动日期": day(world), "标题": title, "场次": 1, "线下人次": 5}
    fill(sheet_of(book, world.lecture), number, **(facts | cells))


def test_each_type_has_its_sheet_with_units_of_measure_stars_lists_limits_and_notes(
    world: World, seminar: ActivityType
) -> None:
    book = template(world)
    assert book.sheetnames == ["填写说明", "宣讲", "集中研讨 一 上 下", "lists"]
    assert book["lists"].sheet_state == "hidden"
    page = book["集中研讨 一 上 下"]
    headings = [cell.value for cell in page[FIRST - 1]][1:]
    assert headings == [
        "活动日期 *", "标题 *", "地点", "主讲人", "开展方式 *", "主题", "标签",
        "参与率（%） *", "是否录像 *", "研讨形式 *", "嘉宾", "活动内容", "情况说明",
    ]  # fmt: skip
    rules = {str(rule.sqref)[0]: rule for rule in page.data_validations.dataValidation}
    assert [rules[column].type for column in "BFIJK"] == ["date", "list", "decimal", "list", "list"]
    assert (float(rules["I"].formula1), float(rules["I"].formula2)) == (0.0, 100.0)
    assert page["I3"].comment.text.splitlines() == [
        "必填。",
        "请填写 0.00 至 100.00 之间的数。",
        "计量单位：%。",
    ]
    assert page.freeze_panes == "D4"
    assert page.column_dimensions["A"].hidden
    assert uuid.UUID(page["A4"].value)
    assert world.school.name in {cell.value for cell in book["填写说明"]["B"]}


def test_filled_ledger_makes_records_of_every_kind_of_entry(world: World, seminar: ActivityType) -> None:
    book = template(world)
    fill(book["集中研讨 一 上 下"], FIRST, 活动日期=day(world), 标题="研讨", 主讲人="王老师", 主题="作风")
    fill(book["集中研讨 一 上 下"], FIRST, 开展方式="线上线下结合, 分会场", 标签="支部，教师", 参与率=98.5)
    fill(book["集中研讨 一 上 下"], FIRST, 是否录像="是", 研讨形式="辅导", 嘉宾="李教授", 活动内容="一\n二")
    bring(filled(world, book), world.liaison)
    record = ActivityRecord.objects.get()
    assert (record.activity_type, record.held_on, record.status) == (seminar, world.today, "submitted")
    assert (record.speaker, record.mode, record.topic) == ("王老师", "线上线下结合, 分会场", "作风")
    assert (record.tags, record.text) == (["支部", "教师"], "一\n二")
    assert record.values == {"rate": 9850, "filmed": 1}
    assert record.answers == {"form": "辅导", "guest": "李教授"}
    assert record.form is not None


def test_record_is_known_again_after_sorting_inserting_moving_and_renaming(world: World) -> None:
    book = template(world)
    for number, title in enumerate(["甲", "乙", "丙"]):
        lecture(world, book, FIRST + number, title)
    bring(filled(world, book, is_final=False), world.liaison)
    page = sheet_of(book, world.lecture)
    first, last = ([cell.value for cell in page[number]] for number in (FIRST, FIRST + 2))
    for cells, number in ((last, FIRST), (first, FIRST + 2)):
        for column, value in enumerate(cells, 1):
            page.cell(number, column, value)
    page.insert_rows(FIRST)
    page.title = "改过名的表"
    fill(page, FIRST + 1, 标题="丙（新标题）")
    plan = bring(filled(world, book, is_final=False), world.liaison)
    assert plan.counts() == {"new": 0, "changed": 1, "unchanged": 2}
    assert set(ActivityRecord.objects.values_list("title", flat=True)) == {"甲", "乙", "丙（新标题）"}


def test_copied_row_makes_a_new_record_and_leaves_the_first_its_own(world: World) -> None:
    book = template(world)
    lecture(world, book, FIRST, "甲")
    bring(filled(world, book), world.liaison)
    page = sheet_of(book, world.lecture)
    page.insert_rows(FIRST)
    for column in range(1, 12):
        page.cell(FIRST, column, page.cell(FIRST + 1, column).value)
    fill(page, FIRST, 标题="乙")
    assert bring(filled(world, book), world.liaison).counts() == {"new": 1, "changed": 0, "unchanged": 1}


def test_same_activity_in_a_second_template_is_no_twin(world: World) -> None:
    for onsite in (5, 9):
        book = template(world)
        lecture(world, book, FIRST, "甲", 线下人次=onsite)
        plan = bring(filled(world, book, is_final=False), world.liaison)
    assert plan.counts() == {"new": 0, "changed": 1, "unchanged": 0}


def test_two_activities_of_the_same_day_and_title_stay_two_in_a_template(world: World) -> None:
    book = template(world)
    lecture(world, book, FIRST, "甲")
    lecture(world, book, FIRST + 1, "甲", 线下人次=9)
    assert bring(filled(world, book), world.liaison).counts()["new"] == 2
    assert bring(filled(world, book), world.liaison).counts()["unchanged"] == 2


def test_ledger_with_what_is_there_holds_drafts_and_returned_records_unchanged(world: World) -> None:
    records = [world.draft(title="=1+1"), world.draft(title="@乙", text="一\n二"), world.draft(title="丙")]
    records[1] = workflow.send_back(
        workflow.submit(records[1], actor=world.liaison), actor=world.reviewer, note="补充"
    )
    book = template(world, *records)
    assert sheet_of(book, world.lecture).cell(FIRST, 3).value == "'=1+1"
    assert plan_of(filled(world, book, is_final=False)).counts() == {"new": 0, "changed": 0, "unchanged": 3}
    fill(sheet_of(book, world.lecture), FIRST + 1, 线下人次=7)
    bring(filled(world, book), world.liaison)
    assert list(ActivityRecord.objects.order_by("pk").values_list("status", flat=True)) == ["submitted"] * 3


def test_ledger_of_another_unit_or_campaign_is_refused_once_with_the_way_out(world: World) -> None:
    book = template(world)
    lecture(world, book, FIRST, "甲")
    handed_in = filled(world, book)
    world.school, world.other_school = world.other_school, world.school
    problems = plan_of(filled(world, book)).problems
    assert [problem.code for problem in problems] == ["other_unit"]
    assert plan_of(handed_in).counts()["new"] == 1


def test_row_moved_to_the_sheet_of_another_type_is_told(world: World, seminar: ActivityType) -> None:
    book = template(world)
    lecture(world, book, FIRST, "甲")
    bring(filled(world, book, is_final=False), world.liaison)
    key = sheet_of(book, world.lecture).cell(FIRST, 1).value
    other = book["集中研讨 一 上 下"]
    other.cell(FIRST, 1, key)
    fill(other, FIRST, 活动日期=day(world), 标题="甲", 开展方式="线上")
    sheet_of(book, world.lecture).delete_rows(FIRST)
    assert (FIRST, "", "other_type") in codes(plan_of(filled(world, book, is_final=False)))


def test_names_of_sheets_are_short_lawful_and_each_once() -> None:
    names = names_of(["甲" * 40, "甲" * 41, "a/b", "A:B", "[]"])
    assert names == ["甲" * 31, "甲" * 27 + " (2)", "a b", "A B (2)", "-"]


def test_template_is_handed_out_to_who_reports_for_the_unit_alone(
    world: World, sign_in: Callable[[Account], Client]
) -> None:
    draft = world.draft(title="我的草稿")
    client = sign_in(world.liaison)
    for address, is_there in (
        ("/records/ledger/template/", False),
        ("/records/ledger/template/?filled=1", True),
    ):
        response = client.get(address)
        assert response["Content-Type"].endswith("sheet")
        assert response["Content-Disposition"].startswith("attachment")
        page = load_workbook(io.BytesIO(response.content))["宣讲"]
        assert (page.cell(FIRST, 1).value == str(draft.key)) is is_there
    assert client.get(f"/records/ledger/template/?unit={world.other_school.pk}").status_code == 404
    assert sign_in(world.reviewer).get("/records/ledger/template/").status_code == 403
