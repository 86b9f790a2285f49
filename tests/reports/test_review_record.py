"""One record in the queue: its evidence, its rounds, decisions with and without a page behind them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reports.records import workflow
from reports.records.assigning import assign
from reports.records.models import ActivityRecord, ReturnReason, Transition
from reports.records.rewording import IN, MOST_COMPARED, OUT, SAME, Piece, pieces
from tests.personas import World
from tests.reports.review_queue import QUEUE, SignIn, decide, page, status_of

PART = {"HX-Request": "true"}


@pytest.fixture
def client(world: World, sign_in: SignIn) -> Client:
    """Return the reviewer's browser."""
    return sign_in(world.reviewer)


def press(client: Client, record: ActivityRecord, verb: str, **changed: object) -> object:
    """Press a button on a page that stays and swaps its right side."""
    url = reverse("admin:records_activityrecord_decide", args=[record.pk, verb])
    return client.post(url, {"version": record.version, "note": ""} | changed, headers=PART)


def test_a_page_that_is_there_gets_the_record_alone(world: World, client: Client) -> None:
    record = world.submitted()
    whole, part = client.get(page(record)), client.get(page(record), headers=PART)
    assert b"<html" in whole.content
    assert b"data-lines" in whole.content
    assert b"<html" not in part.content
    assert b'id="review-pane"' in part.content
    back = client.get(page(record), headers=PART | {"HX-History-Restore-Request": "true"})
    assert b"<html" in back.content


def test_a_decision_brings_the_next_record_and_the_new_count(world: World, client: Client) -> None:
    first, second = world.submitted(), world.submitted(title="下一条")
    response = press(client, first, "approve")
    body = response.content.decode()  # type: ignore[attr-defined]
    assert response["HX-Push-Url"] == page(second)  # type: ignore[index]
    assert f'id="row-{first.pk}" hx-swap-oob="delete"' in body
    assert "下一条" in body
    assert 'data-left="1"' in body
    last = press(client, second, "approve")
    assert last["HX-Push-Url"] == reverse(QUEUE)  # type: ignore[index]
    assert b"data-all-done" in last.content  # type: ignore[attr-defined]


def test_whoever_was_slower_sees_what_changed_and_keeps_what_they_typed(world: World, client: Client) -> None:
    record = world.submitted()
    seen = record.version
    workflow.send_back(record, actor=world.second_reviewer, note="人次不符")
    workflow.edit(record, world.content(values={"sessions": 1, "onsite": 90}), actor=world.liaison)
    workflow.submit(record, actor=world.liaison)
    response = press(client, record, "return", version=seen, note="我写的理由")
    assert response.status_code == 409  # type: ignore[attr-defined]
    assert response["HX-Push-Url"] == "false"  # type: ignore[index]
    body = response.content.decode()  # type: ignore[attr-defined]
    assert "人次不符" in body
    assert "我写的理由" in body
    assert f'name="version" value="{record.version}"' in body.replace("\n", " ")
    assert status_of(record) == "submitted"


def test_reasons_are_ticked_and_written(world: World, client: Client) -> None:
    record, reason = world.submitted(), ReturnReason.objects.all()[0]
    decide(client, record, "return", reasons=[reason.pk], note="  另附签到表 ")
    note = Transition.objects.filter(record=record, verb="return").values_list("note", flat=True).get()
    assert note == f"{reason.text}\n另附签到表"


@pytest.mark.parametrize("asked", ["retired", "unknown", "nonsense"])
def test_a_reason_that_is_not_offered_is_none(world: World, client: Client, asked: str) -> None:
    record, reason = world.submitted(), ReturnReason.objects.all()[0]
    ReturnReason.objects.filter(pk=reason.pk).update(is_retired=True)
    chosen = {"retired": str(reason.pk), "unknown": "99999", "nonsense": "x"}[asked]
    response = decide(client, record, "return", reasons=[chosen], note="")
    assert response.status_code == 200
    assert status_of(record) == "submitted"


def test_reasons_that_are_too_long_together_are_an_error_at_the_field(world: World, client: Client) -> None:
    record = world.submitted()
    reasons = list(ReturnReason.objects.values_list("pk", flat=True))
    response = decide(client, record, "return", reasons=reasons, note="长" * 480)
    assert response.context["form"].errors["note"]
    assert status_of(record) == "submitted"


def test_numbers_stand_beside_the_units_usual_range(world: World, client: Client) -> None:
    for onsite in (80, 100, 130):
        world.approved(values={"sessions": 1, "onsite": onsite, "online": 300})
    record = world.submitted(values={"sessions": 1, "onsite": 140, "online": 300})
    numbers = {one.indicator.code: one for one in client.get(page(record)).context["numbers"]}
    assert (numbers["onsite"].usual, numbers["onsite"].is_outside) == ("80–130", True)
    assert (numbers["online"].usual, numbers["online"].is_outside) == ("300", False)


def test_rounds_mark_the_words_that_changed(world: World, client: Client) -> None:
    record = world.submitted(text="参加三十人。<b>全部签到。")
    workflow.send_back(record, actor=world.reviewer, note="请核对")
    workflow.edit(record, world.content(text="参加四十人。<b>全部签到。"), actor=world.liaison)
    workflow.submit(record, actor=world.liaison)
    body = client.get(page(record)).content.decode()
    assert "</span>三</del>" in body
    assert "</span>四</ins>" in body
    assert "<b>全部" not in body


def test_pieces_tell_what_went_and_what_came() -> None:
    assert pieces("一样", "一样") == [Piece(SAME, "一样")]
    assert pieces("", "新") == [Piece(IN, "新")]
    assert pieces("旧", "") == [Piece(OUT, "旧")]
    assert pieces("共12场。好", "共15场。好") == [
        Piece(SAME, "共"),
        Piece(OUT, "12"),
        Piece(IN, "15"),
        Piece(SAME, "场。好"),
    ]


@pytest.mark.parametrize(("was", "became"), [("甲" * 5000, "乙" * 5000), ("ab " * 1600, "ba " * 1600)])
def test_long_texts_are_compared_in_time_and_lose_nothing(was: str, became: str) -> None:
    found = pieces(was, became)
    assert "".join(piece.text for piece in found if piece.kind != IN) == was
    assert "".join(piece.text for piece in found if piece.kind != OUT) == became
    assert len(was) > MOST_COMPARED


def test_a_long_stretch_that_stayed_is_shortened() -> None:
    found = pieces("头" + "中" * 200 + "尾", "新" + "中" * 200 + "末")
    [stayed] = [piece for piece in found if piece.kind == SAME]
    assert "…" in stayed.text
    assert len(stayed.text) < 60


def test_a_record_is_handed_to_a_colleague_on_its_page(world: World, client: Client) -> None:
    record = world.submitted()
    url = reverse("admin:records_activityrecord_assign", args=[record.pk])
    assert client.post(url, {"to": world.second_reviewer.pk})["Location"] == page(record)
    assert ActivityRecord.objects.get(pk=record.pk).assigned_to == world.second_reviewer
    offered = client.get(page(record)).context["record_colleagues"]
    assert {one.username for one in offered} == {"reviewer", "reviewer2"}
    client.post(url, {"to": ""})
    assert ActivityRecord.objects.get(pk=record.pk).assigned_to is None
    assert client.get(url).status_code == 405
    assert client.post(url, {"to": "x"}).status_code == 404


def test_a_foreign_record_cannot_be_handed_over(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    url = reverse("admin:records_activityrecord_assign", args=[record.pk])
    assert sign_in(world.administrator).post(url, {"to": ""}).status_code == 403
    missing = reverse("admin:records_activityrecord_assign", args=[10**9])
    assert sign_in(world.reviewer).post(missing, {"to": ""}).status_code == 404


def test_whoever_endorsed_hears_that_a_colleague_is_next(world: World, client: Client) -> None:
    world.lecture.needs_second_review = True
    world.lecture.save()
    record = world.submitted()
    assign(record, actor=world.reviewer, to=world.reviewer)
    decide(client, record, "approve")
    assert status_of(record) == "submitted"
    response = client.get(page(record))
    assert response.context["decisions"] == ["return"]
    assert b"data-endorsed" in response.content


def test_reasons_are_kept_by_administrators_alone(world: World, sign_in: SignIn) -> None:
    url = reverse("admin:records_returnreason_add")
    assert sign_in(world.administrator).post(url, {"text": "请补总结", "position": 1}).status_code == 302
    assert ReturnReason.objects.filter(text="请补总结").exists()
    assert sign_in(world.reviewer).post(url, {"text": "另一条", "position": 1}).status_code == 403
    twice = sign_in(world.administrator).post(url, {"text": "请补总结", "position": 2})
    assert twice.status_code == 200
