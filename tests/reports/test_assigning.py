"""Handing what waits to a colleague: who may, to whom, and what stays as it was."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.records import workflow
from reports.records.assigning import assign, assign_many
from reports.records.models import ActivityRecord, Transition
from tests.personas import World, person
from units.models import Account, AuditEntry
from units.roles import REVIEWER
from units.rules import RuleError

pytestmark = pytest.mark.django_db


def holder(record: ActivityRecord) -> Account | None:
    """Return to whom a record is stored as assigned."""
    return ActivityRecord.objects.select_related("assigned_to").get(pk=record.pk).assigned_to


def test_a_reviewer_hands_a_record_over_and_it_is_written_down(world: World) -> None:
    record = world.submitted()
    version, n_steps = record.version, Transition.objects.count()
    assign(record, actor=world.reviewer, to=world.second_reviewer)
    assert holder(record) == world.second_reviewer
    entry = AuditEntry.objects.latest("id")
    assert (entry.deed, entry.changes, entry.unit_id) == (
        "assign",
        {"assigned_to": ["", "审核员乙"]},
        world.school.pk,
    )
    assert ActivityRecord.objects.get(pk=record.pk).version == version
    assert Transition.objects.count() == n_steps
    assign(record, actor=world.second_reviewer, to=None)
    assert holder(record) is None


def test_an_assignment_makes_no_open_page_stale(world: World) -> None:
    record = world.submitted()
    seen = ActivityRecord.objects.get(pk=record.pk)
    assign(record, actor=world.reviewer, to=world.second_reviewer)
    assert workflow.approve(seen, actor=world.reviewer).status == "approved"


@pytest.mark.parametrize("who", ["liaison", "stranger", "administrator", "leader", "auditor", "newcomer"])
def test_whoever_reviews_nothing_hands_nothing_over(world: World, who: str) -> None:
    record, n_rows = world.submitted(), AuditEntry.objects.count()
    actor = getattr(world, who)
    with pytest.raises(RuleError) as refused:
        assign(record, actor=actor, to=world.second_reviewer)
    assert refused.value.code == "not_yours"
    assert assign_many([record.pk], actor=actor, to=world.second_reviewer).n_done == 0
    assert (holder(record), AuditEntry.objects.count()) == (None, n_rows)


@pytest.mark.parametrize("who", ["liaison", "administrator", "team_member", "newcomer"])
def test_only_who_may_review_the_unit_is_given_it(world: World, who: str) -> None:
    record = world.submitted()
    with pytest.raises(RuleError) as refused:
        assign(record, actor=world.reviewer, to=getattr(world, who))
    assert (refused.value.code, refused.value.field) == ("not_a_reviewer", "to")
    assert assign_many([record.pk], actor=world.reviewer, to=getattr(world, who)).n_done == 0
    assert holder(record) is None


def test_the_first_reviewer_is_not_given_the_second_review(world: World) -> None:
    world.lecture.needs_second_review = True
    world.lecture.save()
    record = world.submitted()
    assign(record, actor=world.second_reviewer, to=world.reviewer)
    workflow.approve(record, actor=world.reviewer)
    assert (holder(record), record.assigned_to) == (None, None)
    with pytest.raises(RuleError) as refused:
        assign(record, actor=world.second_reviewer, to=world.reviewer)
    assert refused.value.code == "not_a_reviewer"


def test_only_what_waits_is_handed_over(world: World) -> None:
    record = world.approved()
    with pytest.raises(RuleError) as refused:
        assign(record, actor=world.reviewer, to=world.second_reviewer)
    assert refused.value.code == "wrong_state"


def test_of_two_who_assign_at_once_the_second_hears_it(world: World) -> None:
    record = world.submitted()
    seen = ActivityRecord.objects.select_related("unit", "activity_type").get(pk=record.pk)
    assign(record, actor=world.reviewer, to=world.reviewer)
    with pytest.raises(RuleError) as refused:
        assign(seen, actor=world.second_reviewer, to=world.second_reviewer)
    assert refused.value.code == "stale"
    assert holder(record) == world.reviewer


def test_many_are_handed_over_as_far_as_the_colleague_reaches(world: World) -> None:
    mine, foreign, approved = world.submitted(), world.foreign(), world.approved()
    narrow = person("narrow", "一中审核员", (REVIEWER, world.school))
    outcome = assign_many([mine.pk, foreign.pk, approved.pk], actor=world.reviewer, to=narrow)
    assert (outcome.n_done, outcome.n_left) == (1, 2)
    assert (holder(mine), holder(foreign)) == (narrow, None)
    assert AuditEntry.objects.filter(deed="assign").count() == 1


def test_handing_over_costs_the_same_for_2_and_20(world: World) -> None:
    counts = []
    for n_records in (2, 20):
        records = [world.submitted().pk for _number in range(n_records)]
        with CaptureQueriesContext(connection) as queries:
            assert assign_many(records, actor=world.reviewer, to=world.second_reviewer).n_done == n_records
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
