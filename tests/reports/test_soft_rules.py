"""Soft rules: what is doubtful, when nothing is said, and what they say of another unit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.campaigns.designing import design_of
from reports.campaigns.designs import Ask, Design
from reports.campaigns.models import Indicator
from reports.records import workflow
from reports.records.backgrounds import Case, doubts_about, heads_of, usual_values
from reports.records.content import Content
from reports.records.doubts import Background, Doubt, doubts
from reports.records.personal import identity_numbers, mobile_numbers
from tests.personas import World
from units.models import Unit

DAY = dt.date(2026, 11, 23)
# Made up; the check digit is right.
IDENTITY = "110101199003077176"


def keys(content: Content, *asks: Ask, **background: object) -> list[str]:
    """Return the keys of the doubts about a content."""
    return [found.key for found in doubts(content, Design(asks=asks), Background(**background))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "found"), [(4, ["below_onsite"]), (5, []), (500, []), (501, ["above_onsite"])]
)
def test_outside_the_soft_limits_a_reason_is_asked_for(value: int, found: list[str]) -> None:
    ask = Ask("onsite", "线下人次", soft_minimum=5, soft_maximum=500)
    assert keys(Content(DAY, values={"onsite": value}), ask) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [(39, ["few_onsite"]), (40, []), (120, []), (360, []), (361, ["many_onsite"]), (0, ["few_onsite"])],
)
def test_three_times_the_usual_number_is_unusual(value: int, found: list[str]) -> None:
    assert (
        keys(Content(DAY, values={"onsite": value}), Ask("onsite", "线下人次"), usual={"onsite": 120})
        == found
    )


def test_small_numbers_may_be_three_times_the_usual_ones() -> None:
    ask = Ask("sessions", "场次")
    assert keys(Content(DAY, values={"sessions": 5}), ask, usual={"sessions": 1}) == []
    assert keys(Content(DAY, values={"sessions": 6}), ask, usual={"sessions": 1}) == ["many_sessions"]
    funds = Ask("funds", "投入资金", decimals=2)
    assert keys(Content(DAY, values={"funds": 599}), funds, usual={"funds": 100}) == []
    assert keys(Content(DAY, values={"funds": 600}), funds, usual={"funds": 100}) == ["many_funds"]


def test_where_nothing_is_usual_nothing_is_unusual() -> None:
    ask = Ask("online", "线上人次")
    assert keys(Content(DAY, values={"online": 900}), ask, usual={"online": 0}) == []
    assert keys(Content(DAY, values={"online": 900}), ask) == []


def test_nobody_has_more_attendances_than_heads_for_each_session() -> None:
    asks = Ask("sessions", "场次"), Ask("onsite", "线下人次", heads="staff")
    assert keys(Content(DAY, values={"onsite": 81}), *asks, heads={"staff": 80}) == ["heads_onsite"]
    assert keys(Content(DAY, values={"onsite": 160, "sessions": 2}), *asks, heads={"staff": 80}) == []
    assert keys(Content(DAY, values={"onsite": 161, "sessions": 2}), *asks, heads={"staff": 80}) != []
    assert keys(Content(DAY, values={"onsite": 81}), *asks, heads={"students": 9}) == []


def test_one_question_for_one_number_is_enough() -> None:
    ask = Ask("onsite", "线下人次", soft_maximum=100, heads="staff")
    content = Content(DAY, values={"onsite": 1000})
    assert keys(content, ask, usual={"onsite": 10}, heads={"staff": 50}) == ["above_onsite"]


def test_a_message_says_decimals_as_people_do() -> None:
    ask = Ask("funds", "投入资金", decimals=2, soft_maximum=10_000)
    [found] = doubts(Content(DAY, values={"funds": 123_456}), Design(asks=(ask,)), Background())
    assert "1234.56" in found.message
    assert "100.00" in found.message


@pytest.mark.parametrize(
    "text",
    [
        f"身份证{IDENTITY}。",
        "身份证１１０１０１１９９００３０７７１７６",
        "110101 19900307 7176",
        "联系 3 110101199003077176",
        "11010119900307109x",
    ],
)
def test_identity_numbers_are_found_however_they_are_written(text: str) -> None:
    assert len(identity_numbers(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "110101199003077177",
        "110101199013077176",
        "9110101199003077176",
        "110101900307717",
        "订单110101199002307176",
    ],
)
def test_other_long_numbers_are_no_identity_numbers(text: str) -> None:
    assert identity_numbers(text) == []


@pytest.mark.parametrize(
    "text", ["电话13812345678", "+86 138-1234-5678", "１３８１２３４５６７８", "(86)19912345678"]
)
def test_mobile_numbers_are_found_however_they_are_written(text: str) -> None:
    assert len(mobile_numbers(text)) == 1


@pytest.mark.parametrize(
    "text", ["12812345678", "138123456789", "213812345678", "0898-65331234", IDENTITY, "1,381,234"]
)
def test_other_numbers_are_no_mobile_numbers(text: str) -> None:
    assert mobile_numbers(text) == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (Content(DAY, title="张三13812345678"), ["mobile_title"]),
        (Content(DAY, place=IDENTITY), ["identity_place"]),
        (Content(DAY, speaker="王五 13812345678"), ["mobile_speaker"]),
        (Content(DAY, topic=IDENTITY), ["identity_topic"]),
        (Content(DAY, tags=("13812345678",)), ["mobile_tags"]),
        (Content(DAY, text=f"{IDENTITY}\n13812345678"), ["identity_text", "mobile_text"]),
        (Content(DAY, answers={"result": "找13812345678"}), ["mobile_value_result"]),
    ],
)
def test_personal_data_is_found_in_every_text_and_never_repeated(content: Content, found: list[str]) -> None:
    ask = Ask("result", "成果", kind="text")
    some = doubts(content, Design(asks=(ask,)), Background())
    assert [one.key for one in some] == found
    said = str([(one.message, one.as_json()) for one in some])
    assert "13812345678" not in said
    assert IDENTITY not in said


def test_two_earlier_records_are_no_habit_and_drafts_and_others_do_not_count(world: World) -> None:
    kind = world.lecture
    world.foreign()
    world.draft(values={"sessions": 1, "onsite": 9})
    for number in range(3):
        assert usual_values(world.school.pk, kind.pk) == {}
        world.submitted(values={"sessions": 1, "onsite": 100 + number})
    assert usual_values(world.school.pk, kind.pk) == {"sessions": 1, "onsite": 101}
    assert usual_values(world.other_school.pk, kind.pk) == {}


def test_a_record_is_not_compared_with_itself(world: World) -> None:
    records = [world.submitted(values={"sessions": 1, "onsite": 100}) for _number in range(3)]
    assert usual_values(world.school.pk, world.lecture.pk, [records[0].pk]) == {}


def test_the_latest_records_say_what_is_usual(world: World) -> None:
    old = world.today - dt.timedelta(days=10)
    for _number in range(12):
        world.submitted(values={"sessions": 1, "onsite": 100}, held_on=old)
    reasons = {"few_onsite": "新的做法", "many_onsite": "新的做法"}
    for _number in range(12):
        world.submitted(values={"sessions": 1, "onsite": 10}, reasons=reasons)
    assert usual_values(world.school.pk, world.lecture.pk)["onsite"] == 10


@pytest.mark.parametrize(
    ("changed", "is_twin"),
    [
        ({}, True),
        ({"title": "另一场"}, False),
        ({"place": "操场"}, False),
        ({"place": ""}, False),
        ({"held_on": -1}, False),
    ],
)
def test_a_twin_has_the_title_the_day_and_the_place_of_anothers_record(
    world: World, changed: dict[str, object], is_twin: bool
) -> None:
    foreign = world.foreign()
    if "held_on" in changed:
        changed = {"held_on": world.today - dt.timedelta(days=1)}
    content = world.content(**({"place": foreign.place} | changed))
    assert [found.key for found in judge(world, content)] == (["twin"] if is_twin else [])


def judge(world: World, content: Content, at: Unit | None = None) -> list[Doubt]:
    """Return the doubts about a new record of the liaison's school."""
    case = Case(at or world.school, world.lecture.pk, content, design_of(world.lecture))
    [found] = doubts_about([case])
    return found


def test_a_draft_and_a_returned_record_of_another_unit_stay_unknown(world: World) -> None:
    theirs = world.content(place="二中礼堂")
    draft = workflow.create(world.other_school, world.lecture, theirs, actor=world.stranger)
    assert judge(world, theirs) == []
    workflow.submit(draft, actor=world.stranger)
    assert judge(world, theirs) != []
    workflow.send_back(draft, actor=world.reviewer, note="缺照片")
    assert judge(world, theirs) == []


def test_a_twin_tells_no_more_than_the_other_units_name(world: World) -> None:
    foreign = world.foreign()
    [found] = judge(world, world.content(place=foreign.place, text="我们的"))
    assert found.facts == {"unit": world.other_school.name}


def test_own_records_are_no_twins(world: World) -> None:
    world.submitted()
    assert judge(world, world.content()) == []


def test_heads_are_known_as_far_as_they_were_counted(world: World) -> None:
    assert heads_of(world.school) == {}
    world.school.n_staff, world.school.n_students = 80, 900
    assert heads_of(world.school) == {"staff": 80, "students": 900, "everybody": 980}


def test_a_whole_ledger_is_judged_with_a_few_queries(world: World) -> None:
    Indicator.objects.filter(code="onsite").update(soft_maximum=500)
    design, foreign = design_of(world.lecture), world.foreign()
    contents = [world.content(title=f"宣讲{number}", values={"onsite": number}) for number in range(600)]
    contents.append(world.content(place=foreign.place))
    cases = [Case(world.school, world.lecture.pk, content, design) for content in contents]
    with CaptureQueriesContext(connection) as queries:
        found = doubts_about(cases)
    assert len(queries) == 3
    assert [len(some) for some in found] == [0] * 501 + [1] * 99 + [1]
