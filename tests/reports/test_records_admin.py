"""The review queue in the admin."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.records import workflow
from reports.records.models import ActivityRecord, Transition
from tests.personas import World, person, unit
from tests.reports.review_queue import QUEUE, SignIn, body, decide, decide_many, page, shown, status_of
from units.accounts import appoint
from units.roles import REVIEWER


def test_queue_opens_on_what_waits_oldest_first(world: World, sign_in: SignIn) -> None:
    newer, older = world.submitted(), world.submitted()
    ActivityRecord.objects.filter(pk=older.pk).update(submitted_at=timezone.now() - dt.timedelta(days=1))
    world.draft()
    approved = world.approved()
    client = sign_in(world.reviewer)
    assert shown(client.get(reverse(QUEUE))) == [older.pk, newer.pk]
    assert shown(client.get(reverse(QUEUE), {"status": "approved"})) == [approved.pk]


def test_no_status_shows_a_draft_or_a_draft_that_was_struck_out(world: World, sign_in: SignIn) -> None:
    draft, void = world.draft(), workflow.void(world.draft(), actor=world.liaison)
    client = sign_in(world.reviewer)
    for status in ("all", "draft", "void"):
        assert shown(client.get(reverse(QUEUE), {"status": status})) == []
    for record in (draft, void):
        assert client.get(page(record)).status_code == 404


@pytest.mark.parametrize("name", ["type", "week", "kind", "unit", "q"])
def test_filters_and_search(world: World, sign_in: SignIn, name: str) -> None:
    record = world.submitted(title="读书班开班")
    value: str | int = {
        "type": record.activity_type_id,
        "week": record.period_id,
        "kind": record.unit.kind_id,
        "unit": record.unit_id,
    }.get(name, "读书班")
    client = sign_in(world.reviewer)
    assert len(shown(client.get(reverse(QUEUE), {name: value}))) == 1
    other: str | int = "没有" if name == "q" else 10**8
    assert shown(client.get(reverse(QUEUE), {name: other})) == []


def test_reviewer_of_one_school_sees_that_school_only(world: World, sign_in: SignIn) -> None:
    mine, foreign = world.submitted(), world.foreign()
    narrow = person("narrow", "一中审核员", (REVIEWER, world.school))
    client = sign_in(narrow)
    assert shown(client.get(reverse(QUEUE))) == [mine.pk]
    assert shown(client.get(reverse(QUEUE), {"status": "all", "q": "二中"})) == []
    assert client.get(page(mine)).status_code == 200
    missing = client.get(page(ActivityRecord(pk=10**9)))
    hidden = client.get(page(foreign))
    assert (hidden.status_code, body(hidden)) == (404, body(missing))
    for verb in ("approve", "return", "reopen"):
        assert decide(client, foreign, verb, note="越权").status_code == 404
    assert status_of(foreign) == "submitted"


def test_approval_leads_to_the_next_in_the_queue(world: World, sign_in: SignIn) -> None:
    first, second = world.submitted(), world.submitted()
    client = sign_in(world.reviewer)
    response = decide(client, first, "approve")
    assert response["Location"] == page(second)
    assert status_of(first) == "approved"
    last = decide(client, second, "approve")
    assert last["Location"] == reverse(QUEUE)
    assert b"data-all-done" in client.get(reverse(QUEUE)).content


def test_next_stays_within_the_filters_of_the_list(world: World, sign_in: SignIn) -> None:
    first, _other, same = world.submitted(), world.foreign(), world.submitted()
    client = sign_in(world.reviewer)
    filters = "?_changelist_filters=q%3D%25E4%25B8%2580%25E4%25B8%25AD"  # q=一中
    world.school.name = "滨海市一中"
    world.school.save()
    url = reverse("admin:records_activityrecord_decide", args=[first.pk, "approve"]) + filters
    response = client.post(url, {"version": first.version})
    assert response["Location"].startswith(page(same))
    assert "_changelist_filters" in response["Location"]


def test_return_needs_a_reason_at_the_field(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    client = sign_in(world.reviewer)
    response = decide(client, record, "return")
    assert response.status_code == 200
    assert response.context["form"].errors["note"]
    assert status_of(record) == "submitted"
    decide(client, record, "return", note="人次与照片不符")
    assert status_of(record) == "returned"
    assert Transition.objects.filter(record=record).last().note == "人次与照片不符"  # type: ignore[union-attr]


def test_too_long_a_reason_is_an_error_at_the_field(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    response = decide(sign_in(world.reviewer), record, "return", note="长" * 501)
    assert response.context["form"].errors["note"]
    assert ("长" * 501).encode() in response.content
    assert status_of(record) == "submitted"


def test_reopening_takes_an_approved_record_back(world: World, sign_in: SignIn) -> None:
    record = world.approved()
    client = sign_in(world.second_reviewer)
    assert client.get(page(record)).context["decisions"] == ["reopen"]
    decide(client, record, "reopen")
    assert status_of(record) == "approved"
    decide(client, record, "reopen", note="人次有误")
    assert status_of(record) == "returned"


def test_second_decision_gets_a_message_and_changes_nothing(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    decide(sign_in(world.reviewer), record, "approve")
    for verb in ("approve", "return"):
        response = decide(sign_in(world.second_reviewer), record, verb, note="晚了")
        assert response.status_code == 409
        assert status_of(record) == "approved"
    assert Transition.objects.filter(record=record, verb="approve").count() == 1


def test_stale_version_changes_nothing(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    seen = record.version
    workflow.send_back(record, actor=world.second_reviewer, note="请补照片")
    workflow.submit(record, actor=world.liaison)
    response = decide(sign_in(world.reviewer), record, "approve", version=seen)
    assert response.status_code == 409
    assert [step.verb for step in response.context["news"]] == ["return", "submit"]
    assert status_of(record) == "submitted"


def test_own_record_shows_why_and_offers_nothing(world: World, sign_in: SignIn) -> None:
    appoint(world.liaison, REVIEWER, actor=None, unit=world.bureau)
    record = world.submitted()
    client = sign_in(world.liaison)
    response = client.get(page(record))
    assert b"data-own-record" in response.content
    assert response.context["decisions"] == []
    decide(client, record, "approve")
    decide_many(client, "approve", [record])
    assert status_of(record) == "submitted"


def test_overseer_reads_and_decides_nothing(world: World, sign_in: SignIn) -> None:
    record, draft = world.submitted(), world.draft()
    client = sign_in(world.administrator)
    assert client.get(page(record)).context["decisions"] == []
    assert client.get(page(draft)).status_code == 404
    assert decide(client, record, "approve").status_code == 403
    assert decide_many(client, "approve", [record]).status_code == 403
    assert client.post(page(record), {"title": "x"}).status_code == 200
    assert status_of(record) == "submitted"


def test_reviewer_here_overseer_there(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    appoint(world.team_member, REVIEWER, actor=None, unit=world.other_school)
    client = sign_in(world.team_member)
    assert client.get(page(record)).context["decisions"] == []
    assert decide(client, record, "approve").status_code == 403
    assert decide_many(client, "approve", [record]).status_code == 302
    assert status_of(record) == "submitted"


def test_nothing_is_added_changed_or_deleted_here(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    client = sign_in(world.reviewer)
    assert client.get(reverse("admin:records_activityrecord_add")).status_code == 403
    assert client.post(reverse("admin:records_activityrecord_add"), {}).status_code == 403
    assert client.post(reverse("admin:records_activityrecord_delete", args=[record.pk])).status_code == 403
    assert client.get(reverse("admin:records_activityrecord_history", args=[record.pk])).status_code == 404
    chosen = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [record.pk], "post": "yes"}
    client.post(reverse(QUEUE), chosen)
    client.post(page(record), {"title": "改写", "status": "approved"})
    record.refresh_from_db()
    assert (record.title, record.status) == ("宣讲进校园", "submitted")


def test_decisions_are_posts(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    client = sign_in(world.reviewer)
    for name, args in (("decide", [record.pk, "approve"]), ("decide_many", ["approve"])):
        assert client.get(reverse(f"admin:records_activityrecord_{name}", args=args)).status_code == 405
    assert decide(client, record, "void").status_code == 404
    assert decide_many(client, "reopen", [record]).status_code == 404
    assert status_of(record) == "submitted"


def test_page_shows_every_round(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    workflow.send_back(record, actor=world.reviewer, note="人次与照片不符")
    workflow.edit(record, world.content(values={"sessions": 1, "onsite": 90}), actor=world.liaison)
    workflow.submit(record, actor=world.liaison)
    steps = sign_in(world.reviewer).get(page(record)).context["steps"]
    assert [step.verb for step in steps] == ["submit", "return", "submit"]
    changed = [(one.label, one.was, one.became) for one in steps[-1].differences]
    assert changed == [("线下人次", "120", "90"), ("线上人次", "300", "")]


def test_queue_costs_the_same_for_5_and_50(world: World, sign_in: SignIn) -> None:
    client, counts = sign_in(world.reviewer), []
    schools = [unit(f"Q{number}", f"第{number}小学", "school", world.bureau) for number in range(9)]
    client.get(reverse(QUEUE))
    for total in (5, 50):
        while ActivityRecord.objects.count() < total:
            record = world.submitted(place=f"第{ActivityRecord.objects.count()}教室")
            ActivityRecord.objects.filter(pk=record.pk).update(unit=schools[record.pk % 9])
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(client.get(reverse(QUEUE)))) == total
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 26
