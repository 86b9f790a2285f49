"""Where two reviewers have to agree: the first endorses, another one approves, a return begins anew."""

from __future__ import annotations

import pytest

from reports.records import bulk, workflow
from reports.records.models import ActivityRecord, Transition
from reports.records.reviewing import decisions_for, queue_of
from reports.records.states import Status, Verb
from reports.statistics.models import StaleCell
from tests.personas import World, person
from units.accounts import appoint
from units.models import AuditEntry
from units.roles import REVIEWER
from units.rules import RuleError

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(world: World) -> World:
    """Return a world in which two have to review a lecture."""
    world.lecture.needs_second_review = True
    world.lecture.save()
    return world


def stored(record: ActivityRecord) -> ActivityRecord:
    """Return the row as it now is."""
    return ActivityRecord.objects.select_related("activity_type").get(pk=record.pk)


def test_first_approval_endorses_and_counts_nothing(twice: World) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    row = stored(record)
    assert (row.state, row.endorsed_by, row.decided_by) == (Status.SUBMITTED, twice.reviewer, None)
    assert row.endorsed_at is not None
    assert row.version == record.version
    assert not StaleCell.objects.exists()
    assert AuditEntry.objects.latest("id").deed == "endorse"
    step = Transition.objects.latest("id")
    assert (step.verb, step.from_status, step.to_status) == ("endorse", "submitted", "submitted")


def test_another_reviewer_approves_and_it_counts(twice: World) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    workflow.approve(record, actor=twice.second_reviewer)
    row = stored(record)
    assert (row.state, row.endorsed_by, row.decided_by) == (
        Status.APPROVED,
        twice.reviewer,
        twice.second_reviewer,
    )
    assert StaleCell.objects.count() == 1


def test_nobody_is_both_reviewers(twice: World) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    with pytest.raises(RuleError) as refused:
        workflow.approve(record, actor=twice.reviewer)
    assert refused.value.code == "endorsed_already"
    assert bulk.approve_many([record.pk], actor=twice.reviewer).n_done == 0
    assert stored(record).state is Status.SUBMITTED
    assert decisions_for(record, twice.reviewer) == [Verb.RETURN]
    assert decisions_for(record, twice.second_reviewer) == [Verb.APPROVE, Verb.RETURN]


def test_nobody_is_both_reviewers_where_one_is_enough_meanwhile(twice: World) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    twice.lecture.needs_second_review = False
    twice.lecture.save()
    with pytest.raises(RuleError) as refused:
        workflow.approve(stored(record), actor=twice.reviewer)
    assert refused.value.code == "endorsed_already"
    assert workflow.approve(stored(record), actor=twice.second_reviewer).state is Status.APPROVED


def test_the_author_endorses_nothing_of_their_own(twice: World) -> None:
    appoint(twice.liaison, REVIEWER, actor=None, unit=twice.bureau)
    record = twice.submitted()
    with pytest.raises(RuleError) as refused:
        workflow.approve(record, actor=twice.liaison)
    assert refused.value.code == "own_record"
    assert bulk.approve_many([record.pk], actor=twice.liaison).n_done == 0


@pytest.mark.parametrize("who", ["reviewer", "second_reviewer"])
def test_a_return_by_either_begins_anew(twice: World, who: str) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    workflow.send_back(record, actor=getattr(twice, who), note="请补照片")
    assert (stored(record).endorsed_by, stored(record).endorsed_at) == (None, None)
    workflow.submit(record, actor=twice.liaison)
    workflow.approve(record, actor=twice.second_reviewer)
    assert stored(record).endorsed_by == twice.second_reviewer
    assert stored(record).state is Status.SUBMITTED


def test_reopening_takes_both_reviews_back(twice: World) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    workflow.approve(record, actor=twice.second_reviewer)
    workflow.reopen(record, actor=twice.reviewer, note="人次有误")
    assert stored(record).endorsed_by is None


def test_bulk_does_for_each_what_the_single_verb_would(twice: World) -> None:
    fresh, endorsed = twice.submitted(), twice.submitted()
    workflow.approve(endorsed, actor=twice.reviewer)
    own_first = workflow.approve(twice.submitted(), actor=twice.second_reviewer)
    outcome = bulk.approve_many([fresh.pk, endorsed.pk, own_first.pk], actor=twice.second_reviewer)
    assert (outcome.n_done, outcome.n_left, outcome.n_endorsed) == (2, 1, 1)
    assert [stored(row).state for row in (fresh, endorsed, own_first)] == [
        "submitted",
        "approved",
        "submitted",
    ]
    assert stored(fresh).endorsed_by == twice.second_reviewer
    assert StaleCell.objects.count() == 1
    steps = (
        Transition.objects.filter(record__in=[fresh, endorsed]).order_by("id").values_list("verb", flat=True)
    )
    assert list(steps)[-2:] == ["endorse", "approve"]
    deeds = AuditEntry.objects.order_by("-id").values_list("deed", flat=True)[:2]
    assert set(deeds) == {"endorse", "approve"}


def test_bulk_return_takes_the_endorsement_back(twice: World) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    assert bulk.send_back_many([record.pk], actor=twice.reviewer, note="请补").n_done == 1
    assert (stored(record).status, stored(record).endorsed_by) == ("returned", None)


def test_an_endorsed_record_waits_for_the_colleague_alone(twice: World) -> None:
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    assert not queue_of(twice.reviewer).exists()
    assert list(queue_of(twice.second_reviewer)) == [record]


def test_first_submission_keeps_its_moment_through_all_rounds(world: World) -> None:
    record = world.submitted()
    first = stored(record).first_submitted_at
    workflow.send_back(record, actor=world.reviewer, note="请补")
    workflow.submit(record, actor=world.liaison)
    row = stored(record)
    assert first is not None
    assert row.first_submitted_at == first
    assert row.submitted_at is not None
    assert row.submitted_at > first


def test_the_unit_reviewer_may_be_the_second_one(twice: World) -> None:
    narrow = person("narrow", "一中审核员", (REVIEWER, twice.school))
    record = workflow.approve(twice.submitted(), actor=twice.reviewer)
    assert workflow.approve(record, actor=narrow).state is Status.APPROVED
