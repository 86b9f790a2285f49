"""A type may change at any time; what is stored keeps the form that it was entered with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from reports.campaigns.designing import design_of, version_of
from reports.campaigns.designs import Design
from reports.campaigns.models import FormVersion, Indicator
from reports.records import workflow
from reports.records.asked import VALUE_PREFIX
from reports.records.forms import build
from reports.records.models import ActivityRecord
from reports.records.numbers import numbers_of, parts_of
from reports.statistics.models import Cell
from tests.personas import World
from units.models import Account
from units.rules import RuleError

SignIn = Callable[[Account], Client]


def ask_more(world: World) -> None:
    """Let the lecture ask for one of each kind."""
    for position, (code, name, kind, options) in enumerate(
        [
            ("is_open", "是否公开", "yes_no", []),
            ("audience", "对象", "choice", ["教师", "学生"]),
            ("result", "成果", "text", []),
        ],
        10,
    ):
        Indicator.objects.create(
            activity_type=world.lecture, code=code, name=name, kind=kind, options=options, position=position
        )


def test_a_design_comes_back_from_what_is_stored(world: World) -> None:
    ask_more(world)
    design = design_of(world.lecture)
    assert Design.of(version_of(world.lecture, design).content) == design
    assert [ask.kind for ask in design.asks] == ["number"] * 3 + ["yes_no", "choice", "text"]


def test_the_same_form_is_stored_once(world: World) -> None:
    world.draft()
    world.submitted()
    assert FormVersion.objects.filter(activity_type=world.lecture).count() == 1


def test_a_renamed_indicator_leaves_the_stored_record_as_it_was(world: World) -> None:
    record = world.approved()
    world.lecture.indicators.filter(code="onsite").update(name="现场人次", is_retired=True)
    stored = ActivityRecord.objects.get(pk=record.pk)
    assert [(one.indicator.name, one.shown) for one in numbers_of(stored)][1] == ("线下人次", "120")
    assert workflow.reopen(stored, actor=world.reviewer, note="改").form_id == record.form_id


def test_a_part_that_is_no_longer_asked_for_stays_on_the_stored_record(world: World) -> None:
    record = world.approved()
    type(world.lecture).objects.update(shows_place=False, shows_topic=True)
    stored = ActivityRecord.objects.get(pk=record.pk)
    assert [(part.label, part.text) for part in parts_of(stored)] == [("地点", "报告厅")]


def test_every_kind_is_entered_and_shown(world: World, sign_in: SignIn) -> None:
    ask_more(world)
    type(world.lecture).objects.update(modes=["原原本本学", "交流研讨学"], shows_tags=True)
    entered = {
        "key": "6f0a8c1e-0000-4000-8000-000000000001", "title": "宣讲", "held_on": world.today.isoformat(),
        "place": "报告厅", "text": "", "deed": "submit", "value_sessions": "1", "value_onsite": "20",
        "value_is_open": "0", "value_audience": "学生", "value_result": "汇编一册",
        "mode": "交流研讨学", "tags": "思政课、青年 #思政课",
    }  # fmt: skip
    client = sign_in(world.liaison)
    client.post("/records/new/lecture/", entered)
    record = ActivityRecord.objects.get()
    assert record.status == "submitted"
    assert record.values == {"sessions": 1, "onsite": 20, "is_open": 0}
    assert record.answers == {"audience": "学生", "result": "汇编一册"}
    assert (record.mode, record.tags) == ("交流研讨学", ["思政课", "青年"])
    page = client.get(f"/records/{record.pk}/").content.decode()
    for shown in ("交流研讨学", "思政课，青年", "汇编一册", "是否公开"):
        assert shown in page


@pytest.mark.parametrize(
    ("entered", "code"),
    [
        ({"value_audience": "家长"}, "invalid_choice"),
        ({"value_audience": ""}, "required"),
        ({"value_is_open": ""}, "required"),
        ({"value_is_open": "2"}, "invalid_choice"),
        ({"value_result": ""}, "required"),
        ({"value_result": "长" * 201}, "max_length"),
        ({"mode": ""}, "required"),
        ({"tags": "一 二 三 四 五 六 七 八 九 十 百"}, "too_many"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    world: World, sign_in: SignIn, entered: dict[str, str], code: str
) -> None:
    ask_more(world)
    type(world.lecture).objects.update(modes=["原原本本学"], shows_tags=True)
    whole = {
        "key": "6f0a8c1e-0000-4000-8000-000000000001", "title": "宣讲", "held_on": world.today.isoformat(),
        "deed": "submit", "value_sessions": "1", "value_onsite": "20", "value_is_open": "1",
        "value_audience": "学生", "value_result": "有", "mode": "原原本本学",
    }  # fmt: skip
    response = sign_in(world.liaison).post("/records/new/lecture/", whole | entered)
    assert response.status_code == 422
    (name,) = entered
    assert [error.code for error in response.context["form"].errors.as_data()[name]] == [code]
    assert not ActivityRecord.objects.exists()


@pytest.mark.parametrize(
    ("values", "answers", "code"),
    [
        ({"audience": 1}, {}, "not_a_number"),
        ({}, {"sessions": "1"}, "not_a_text"),
        ({}, {"audience": 7}, "not_a_text"),
        ({}, {"nowhere": "x"}, "unknown_indicator"),
    ],
)
def test_the_verb_refuses_an_entry_of_the_wrong_kind(
    world: World, values: dict[str, int], answers: dict[str, str], code: str
) -> None:
    ask_more(world)
    with pytest.raises(RuleError) as refused:
        world.draft(values=values, answers=answers)
    assert refused.value.code == code


def test_yes_and_no_are_added_up_and_words_are_not(world: World, run_tally: Callable[[], None]) -> None:
    ask_more(world)
    numbers = {"sessions": 1, "onsite": 1}
    for is_open in (0, 1, 1):
        world.approved(values=numbers | {"is_open": is_open}, answers={"audience": "学生", "result": "有"})
    run_tally()
    cell = Cell.objects.get(unit=world.school, period=world.period, activity_type=world.lecture)
    assert cell.own == {"records": 3, "sessions": 3, "onsite": 3, "is_open": 2}


def test_a_choice_without_options_is_refused(world: World) -> None:
    empty = Indicator(activity_type=world.lecture, code="audience", name="对象", kind="choice")
    with pytest.raises(ValidationError, match="选项"):
        empty.full_clean()
    for options in (["一", "一"], [" "], ["长" * 61], "一二"):
        empty.options = options
        with pytest.raises(ValidationError):
            empty.full_clean()


def test_the_hint_says_what_was_entered_the_last_time(world: World) -> None:
    sessions = design_of(world.lecture).asks[0]
    form = build(design_of(world.lecture))()
    form.show_hints({sessions.code: 7})
    assert "7" in form[VALUE_PREFIX + sessions.code].help_text
