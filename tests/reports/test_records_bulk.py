"""Deciding on many records at once in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reports.records import workflow
from reports.records.models import ActivityRecord, ReturnReason, Transition
from tests.personas import World, person
from tests.reports.review_queue import QUEUE, SignIn, confirm, decide_many, status_of
from units.models import AuditEntry
from units.roles import REVIEWER


def test_bulk_page_lists_what_can_be_decided(world: World, sign_in: SignIn) -> None:
    waiting, foreign = world.submitted(), world.foreign()
    approved = world.approved()
    narrow = person("narrow", "一中审核员", (REVIEWER, world.school))
    response = confirm(sign_in(narrow), "approve", ticked=[waiting.pk, foreign.pk, approved.pk])
    assert [record.pk for record in response.context["records"]] == [waiting.pk]
    assert response.context["n_left_out"] == 2
    response = confirm(sign_in(narrow), "return", everything="1")
    assert [record.pk for record in response.context["records"]] == [waiting.pk]


def test_everything_stays_within_the_filters(world: World, sign_in: SignIn) -> None:
    world.submitted()
    foreign = world.foreign()
    query = f"?unit={world.other_school.pk}"
    response = confirm(sign_in(world.reviewer), "approve", query, everything="1")
    assert [record.pk for record in response.context["records"]] == [foreign.pk]


def test_what_stands_out_comes_first_with_the_reason(world: World, sign_in: SignIn) -> None:
    plain = world.submitted(title="普通的一场")
    copy, twin = world.submitted(title="重复的一场"), world.submitted(title="重复的一场")
    explained = world.submitted(title="说明过的")
    doubt = {"code": "identity", "field": "text", "facts": {"name": "text", "found": "110***"}}
    row = ActivityRecord.objects.filter(pk=explained.pk)
    row.update(doubts=[doubt], reasons={"identity_text": "经本人同意"})
    response = confirm(sign_in(world.reviewer), "approve", everything="1")
    found = response.context["candidates"]
    assert [candidate.record.pk for candidate in found] == [copy.pk, twin.pk, explained.pk, plain.pk]
    assert "经本人同意" in found[2].concerns[0]
    assert found[3].concerns == []
    assert response.context["n_concerns"] == 3


def test_another_units_same_activity_and_a_first_review_stand_out(world: World, sign_in: SignIn) -> None:
    record, foreign = world.submitted(), world.foreign()
    same = {"title": record.title, "place": record.place, "held_on": record.held_on}
    ActivityRecord.objects.filter(pk=foreign.pk).update(**same)
    found = confirm(sign_in(world.reviewer), "approve", everything="1").context["candidates"]
    assert [len(candidate.concerns) for candidate in found] == [1, 1]
    assert str(foreign.pk) in found[0].concerns[0]
    world.lecture.needs_second_review = True
    world.lecture.save()
    found = confirm(sign_in(world.reviewer), "approve", ticked=[record.pk]).context["candidates"]
    assert len(found[0].concerns) == 2


def test_what_is_unticked_is_left_as_it_is(world: World, sign_in: SignIn) -> None:
    kept, left = world.submitted(), world.submitted()
    client = sign_in(world.reviewer)
    url = reverse("admin:records_activityrecord_decide_many", args=["approve"])
    client.post(url, {"chosen": [f"{kept.pk}:{kept.version}"]})
    assert (status_of(kept), status_of(left)) == ("approved", "submitted")


def test_ready_made_reasons_and_free_text_become_one_note(world: World, sign_in: SignIn) -> None:
    record, reasons = world.submitted(), list(ReturnReason.objects.all()[:2])
    chosen = [reason.pk for reason in reasons]
    decide_many(sign_in(world.reviewer), "return", [record], reasons=chosen, note="另请补签到表")
    note = Transition.objects.filter(record=record, verb="return").values_list("note", flat=True).get()
    assert note == "\n".join([*(reason.text for reason in reasons), "另请补签到表"])


def test_ticked_records_are_handed_to_a_colleague(world: World, sign_in: SignIn) -> None:
    mine, approved = world.submitted(), world.approved()
    client = sign_in(world.reviewer)
    url = reverse("admin:records_activityrecord_assign_many")
    response = client.post(url, {"ticked": [mine.pk, approved.pk], "to": world.second_reviewer.pk})
    assert response["Location"] == reverse(QUEUE)
    assert ActivityRecord.objects.get(assigned_to=world.second_reviewer) == mine
    assert client.post(url, {"ticked": [mine.pk], "to": world.leader.pk}).status_code == 404
    assert client.post(url, {"ticked": ["x"]}).status_code == 400
    assert sign_in(world.administrator).post(url, {"ticked": [mine.pk]}).status_code == 403


def test_bulk_approval_ignores_injected_numbers(world: World, sign_in: SignIn) -> None:
    mine, foreign, draft = world.submitted(), world.foreign(), world.draft()
    narrow = person("narrow", "一中审核员", (REVIEWER, world.school))
    decide_many(sign_in(narrow), "approve", [mine, foreign, draft, ActivityRecord(pk=10**9)])
    assert [status_of(record) for record in (mine, foreign, draft)] == ["approved", "submitted", "draft"]
    assert AuditEntry.objects.filter(deed="approve").count() == 1


def test_bulk_return_needs_a_reason(world: World, sign_in: SignIn) -> None:
    records = [world.submitted(), world.submitted()]
    client = sign_in(world.reviewer)
    response = decide_many(client, "return", records, note=" ")
    assert response.context["form"].errors["note"]
    assert [record.pk for record in response.context["records"]] == [record.pk for record in records]
    decide_many(client, "return", records, note="请统一口径")
    assert {status_of(record) for record in records} == {"returned"}


def test_bulk_decision_leaves_what_moved_on(world: World, sign_in: SignIn) -> None:
    same, moved = world.submitted(), world.submitted()
    seen = ActivityRecord.objects.get(pk=moved.pk)
    workflow.send_back(moved, actor=world.second_reviewer, note="请补")
    workflow.submit(moved, actor=world.liaison)
    decide_many(sign_in(world.reviewer), "approve", [same, seen])
    assert (status_of(same), status_of(moved)) == ("approved", "submitted")


@pytest.mark.parametrize("chosen", ["", "1", "1:1;2:1", "a:b", ",".join(["1:1"] * 1001)])
def test_malformed_bulk_choice_is_refused(world: World, sign_in: SignIn, chosen: str) -> None:
    response = decide_many(sign_in(world.reviewer), "approve", [], chosen=chosen)
    assert response.status_code == 400
