"""The verbs on one record."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from reports.campaigns.models import RECORDS
from reports.records import bulk, workflow
from reports.records.models import ActivityRecord, Transition
from reports.statistics.reading import so_far
from tests.personas import World
from units.accounts import appoint
from units.models import AuditEntry, Deed
from units.roles import REVIEWER
from units.rules import RuleError


def test_approved_record_counts_for_the_unit_and_everything_above(
    world: World, run_tally: Callable[[], None]
) -> None:
    world.approved()
    run_tally()
    for unit in (world.school, world.bureau):
        assert so_far(world.campaign, [unit]).values == {
            RECORDS: 1,
            "sessions": 1,
            "onsite": 120,
            "online": 300,
        }
    assert so_far(world.campaign, [world.other_school]).sessions is None


def test_reopened_record_counts_no_more(world: World, run_tally: Callable[[], None]) -> None:
    record = world.approved()
    run_tally()
    workflow.reopen(record, actor=world.reviewer, note="人次有误")
    run_tally()
    assert so_far(world.campaign, [world.bureau]).values == {}


def test_reviewer_cannot_approve_own_record(world: World) -> None:
    appoint(world.liaison, REVIEWER, actor=None, unit=world.bureau)
    record = world.submitted()
    with pytest.raises(RuleError) as refused:
        workflow.approve(record, actor=world.liaison)
    assert refused.value.code == "own_record"


def test_second_decision_on_a_stale_row_is_refused(world: World) -> None:
    record = world.submitted()
    copy = ActivityRecord.objects.get(pk=record.pk)
    workflow.approve(record, actor=world.reviewer)
    with pytest.raises(RuleError) as refused:
        workflow.send_back(copy, actor=world.second_reviewer, note="晚了")
    assert refused.value.code == "stale"
    assert ActivityRecord.objects.get(pk=record.pk).status == "approved"


def test_every_step_leaves_one_transition_and_one_audit_row(world: World) -> None:
    record = world.submitted()
    workflow.send_back(record, actor=world.reviewer, note="照片不符")
    workflow.submit(record, actor=world.liaison)
    workflow.approve(record, actor=world.reviewer)
    steps = list(Transition.objects.filter(record=record).values_list("verb", flat=True))
    assert steps == ["edit", "submit", "return", "submit", "approve"]
    deeds = AuditEntry.objects.filter(object_type="records.activityrecord").order_by("id")
    assert [entry.deed for entry in deeds] == [
        Deed.CREATE,
        Deed.SUBMIT,
        Deed.RETURN,
        Deed.SUBMIT,
        Deed.APPROVE,
    ]


def test_same_key_gives_the_same_record(world: World) -> None:
    key = uuid.uuid4()
    first = workflow.create(world.school, world.lecture, world.content(), actor=world.liaison, key=key)
    second = workflow.create(world.school, world.lecture, world.content(), actor=world.liaison, key=key)
    assert first.pk == second.pk


def test_bulk_approval_leaves_out_what_is_out_of_reach(world: World, run_tally: Callable[[], None]) -> None:
    mine, foreign, draft = world.submitted(), world.foreign(), world.draft()
    outcome = bulk.approve_many([mine.pk, foreign.pk, draft.pk, 10**9], actor=world.reviewer)
    assert (outcome.n_done, outcome.n_left) == (2, 2)
    run_tally()
    assert so_far(world.campaign, [world.bureau]).n_records == 2
