"""Deciding on many records at once in the admin."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from reports.records import workflow
from reports.records.models import ActivityRecord
from tests.personas import World, person
from tests.reports.review_queue import QUEUE, SignIn, decide_many, status_of
from units.models import AuditEntry
from units.roles import REVIEWER


def test_bulk_page_lists_what_can_be_decided(world: World, sign_in: SignIn) -> None:
    waiting, foreign = world.submitted(), world.foreign()
    approved = world.approved()
    narrow = person("narrow", "一中审核员", (REVIEWER, world.school))
    data = {
        "action": "approve_selected",
        "index": 0,
        ACTION_CHECKBOX_NAME: [waiting.pk, foreign.pk, approved.pk],
    }
    response = sign_in(narrow).post(f"{reverse(QUEUE)}?status=all", data)
    assert [record.pk for record in response.context["records"]] == [waiting.pk]
    assert response.context["n_left_out"] == 1
    across = {
        "action": "return_selected",
        "index": 0,
        "select_across": "1",
        ACTION_CHECKBOX_NAME: [waiting.pk],
    }
    response = sign_in(narrow).post(reverse(QUEUE), across)
    assert [record.pk for record in response.context["records"]] == [waiting.pk]


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
