"""Joint events: sessions count once, attendances once per unit; who may do what, and what a merger makes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from reports.records import joining, workflow
from reports.records.counting import count_all
from reports.records.joint_desk import company_of, joinable
from reports.records.models import ActivityRecord, CoHost, JointEvent
from reports.records.numbers import numbers_of
from reports.reorganisation import merging
from reports.statistics.reading import so_far
from reports.statistics.verifying import verify
from tests.personas import World
from tests.reports.lives import assert_true
from units.models import AuditEntry, Unit
from units.rules import RuleError


def shared(world: World, record: ActivityRecord | None = None) -> JointEvent:
    """Return the event of a record of the liaison's school, to which the other school is invited."""
    host = record or world.submitted()
    return joining.found(host, actor=world.liaison, co_hosts=[world.other_school])


def joined(world: World, event: JointEvent, onsite: int = 80) -> ActivityRecord:
    """Return the other school's draft of an event, with its attendances."""
    record = joining.join(event, world.other_school, actor=world.stranger, key=uuid.uuid4())
    content = world.content(title=record.title, place=record.place, values={"onsite": onsite})
    return workflow.edit(record, content, actor=world.stranger)


def approved(world: World, record: ActivityRecord) -> ActivityRecord:
    """Let a draft count."""
    actor = world.stranger if record.unit == world.other_school else world.liaison
    return workflow.approve(workflow.submit(record, actor=actor), actor=world.reviewer)


def test_sessions_count_once_and_attendances_once_per_unit(
    world: World, run_tally: Callable[[], None]
) -> None:
    event = shared(world, world.approved(values={"sessions": 2, "onsite": 120, "online": 0}))
    companion = approved(world, joined(world, event))
    run_tally()
    whole = so_far(world.campaign, [world.bureau])
    assert (whole.sessions, whole.onsite, whole.values["records"]) == (2, 200, 2)
    assert so_far(world.campaign, [world.other_school]).values.get("sessions") is None
    assert "sessions" not in companion.values
    assert_true(world.campaign)


def test_until_the_hosts_record_is_approved_the_sessions_are_not_counted_and_the_page_says_so(
    world: World, run_tally: Callable[[], None]
) -> None:
    host = world.submitted()
    companion = approved(world, joined(world, shared(world, host)))
    run_tally()
    assert so_far(world.campaign, [world.bureau]).values == {"records": 1, "onsite": 80}
    company = company_of(companion, world.stranger)
    assert company is not None
    assert not company.is_counted
    host = workflow.approve(ActivityRecord.objects.get(pk=host.pk), actor=world.reviewer)
    run_tally()
    assert so_far(world.campaign, [world.bureau]).sessions == 1
    assert company_of(companion, world.stranger).is_counted  # type: ignore[union-attr]
    host = workflow.reopen(host, actor=world.reviewer, note="核对")
    workflow.void(host, actor=world.liaison)
    run_tally()
    assert so_far(world.campaign, [world.bureau]).values == {"records": 1, "onsite": 80}
    assert_true(world.campaign)


def test_a_companion_is_not_asked_for_sessions_and_refused_with_them(world: World) -> None:
    record = joined(world, shared(world))
    assert record.form is not None
    assert [ask.code for ask in record.form.design.asks] == ["onsite", "online"]
    with pytest.raises(RuleError) as refused:
        workflow.edit(record, world.content(), actor=world.stranger)
    assert (refused.value.code, refused.value.field) == ("counted_by_host", "value_sessions")
    assert workflow.submit(record, actor=world.stranger).status == "submitted"


def test_what_a_draft_said_of_the_sessions_goes_when_it_joins(world: World) -> None:
    event = shared(world)
    draft = workflow.create(world.other_school, world.lecture, world.content(), actor=world.stranger)
    record = joining.bind(draft, event, actor=world.stranger)
    stored = ActivityRecord.objects.get(pk=record.pk)
    assert stored.values == {"onsite": 120, "online": 300}
    assert (stored.version, stored.event, stored.seat) == (2, event, world.other_school)


def test_only_who_is_named_joins(world: World) -> None:
    event = joining.found(world.submitted(), actor=world.liaison)
    with pytest.raises(RuleError) as refused:
        joining.join(event, world.other_school, actor=world.stranger, key=uuid.uuid4())
    assert refused.value.code == "not_invited"
    assert joinable(world.campaign, world.other_school) == []
    JointEvent.objects.update(is_for_all=True)
    assert joinable(world.campaign, world.other_school) == [event]
    JointEvent.objects.update(is_open=False)
    event.refresh_from_db()
    assert joinable(world.campaign, world.other_school) == []
    with pytest.raises(RuleError) as refused:
        joining.join(event, world.other_school, actor=world.stranger, key=uuid.uuid4())
    assert refused.value.code == "event_closed"


def test_nobody_acts_for_a_unit_that_is_not_theirs(world: World) -> None:
    record = world.submitted()
    event = shared(world, record)
    companion = joined(world, event)
    before = list(ActivityRecord.objects.order_by("pk").values())
    for deed in (
        lambda: joining.found(world.draft(), actor=world.stranger),
        lambda: joining.invite(event, [world.bureau], actor=world.stranger),
        lambda: joining.join(event, world.other_school, actor=world.liaison, key=uuid.uuid4()),
        lambda: joining.leave(companion, actor=world.liaison),
        lambda: joining.leave(record, actor=world.reviewer),
        lambda: joining.join_twin(companion, actor=world.liaison),
        lambda: joining.announce(JointEvent(host=world.school), actor=world.reviewer),
    ):
        with pytest.raises(RuleError) as refused:
            deed()
        assert refused.value.code == "not_yours"
    assert (
        list(ActivityRecord.objects.filter(pk__in=[row["id"] for row in before]).order_by("pk").values())
        == before
    )


def test_a_unit_has_one_record_of_an_event(world: World) -> None:
    event = shared(world)
    first = joined(world, event)
    assert joining.join(event, world.other_school, actor=world.stranger, key=uuid.uuid4()) == first
    second = workflow.create(world.other_school, world.lecture, world.content(), actor=world.stranger)
    with pytest.raises(RuleError) as refused:
        joining.bind(second, event, actor=world.stranger)
    assert refused.value.code == "joined_already"
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityRecord.objects.filter(pk=second.pk).update(event=event, seat=world.other_school)
    workflow.void(first, actor=world.stranger)
    assert joining.bind(second, event, actor=world.stranger).event == event


def test_every_step_is_written_down(world: World) -> None:
    record = joined(world, shared(world))
    trail = AuditEntry.objects.filter(object_type="records.activityrecord", changes__event__isnull=False)
    assert [(row.actor, row.unit) for row in trail.order_by("pk")] == [
        (world.liaison, world.school),
        (world.stranger, world.other_school),
    ]
    joining.leave(record, actor=world.stranger)
    assert trail.count() == 3
    assert AuditEntry.objects.filter(object_type="records.jointevent").count() == 2


def test_a_host_stays_as_long_as_others_have_joined(world: World) -> None:
    host = world.submitted()
    companion = joined(world, shared(world, host))
    host = ActivityRecord.objects.get(pk=host.pk)
    with pytest.raises(RuleError) as refused:
        joining.leave(host, actor=world.liaison)
    assert refused.value.code == "host_stays"
    joining.leave(companion, actor=world.stranger)
    left = joining.leave(host, actor=world.liaison)
    assert (left.event, left.seat, left.is_hosting) == (None, None, False)
    assert not JointEvent.objects.get().is_open


def test_a_record_that_waits_cannot_leave_and_a_stale_one_changes_nothing(world: World) -> None:
    record = joined(world, shared(world))
    old = ActivityRecord.objects.get(pk=record.pk)
    workflow.submit(record, actor=world.stranger)
    with pytest.raises(RuleError) as refused:
        joining.leave(record, actor=world.stranger)
    assert refused.value.code == "wrong_state"
    with pytest.raises(RuleError) as refused:
        joining.leave(old, actor=world.stranger)
    assert refused.value.code == "stale"


def test_a_twin_becomes_a_joint_event_and_the_other_record_is_not_touched(world: World) -> None:
    foreign = world.foreign()
    before = ActivityRecord.objects.filter(pk=foreign.pk).values().get()
    draft = world.draft(title=foreign.title, place=foreign.place)
    record = joining.hand_in_with_twin(draft, actor=world.liaison, is_final=True)
    assert (record.status, record.is_companion, record.doubts) == ("submitted", True, [])
    assert [number.indicator.code for number in numbers_of(record)] == ["onsite", "online"]
    assert ActivityRecord.objects.filter(pk=foreign.pk).values().get() == before
    event = JointEvent.objects.get()
    assert (event.host, event.title) == (world.other_school, foreign.title)
    bound = joining.join(event, world.other_school, actor=world.stranger, key=uuid.uuid4())
    assert (bound.pk, bound.is_hosting) == (foreign.pk, True)


def test_the_host_is_not_asked_about_those_who_joined(world: World) -> None:
    foreign = world.foreign()
    draft = world.draft(title=foreign.title, place=foreign.place)
    joining.hand_in_with_twin(draft, actor=world.liaison, is_final=True)
    workflow.send_back(foreign, actor=world.reviewer, note="补照片")
    assert workflow.submit(foreign, actor=world.stranger).doubts == []


def test_without_a_twin_there_is_nothing_to_join(world: World) -> None:
    with pytest.raises(RuleError) as refused:
        joining.join_twin(world.draft(), actor=world.liaison)
    assert refused.value.code == "no_twin"


def test_a_companion_sees_of_the_others_what_it_may(world: World) -> None:
    host = world.submitted()
    event = shared(world, host)
    company = company_of(joined(world, event), world.stranger)
    assert company is not None
    [other] = company.companions
    assert (other.record.unit, other.is_seen, other.numbers) == (world.school, False, [])
    theirs = company_of(ActivityRecord.objects.get(pk=host.pk), world.liaison)
    assert theirs is not None
    assert theirs.companions == []
    approved(world, ActivityRecord.objects.get(event=event, unit=world.other_school))
    for who, is_seen in ((world.liaison, False), (world.reviewer, True), (world.leader, True)):
        seen = company_of(ActivityRecord.objects.get(pk=host.pk), who)
        assert seen is not None
        assert [one.is_seen for one in seen.companions] == [is_seen]


def test_two_records_of_one_event_stay_two_when_their_units_merge(
    world: World, run_tally: Callable[[], None]
) -> None:
    event = shared(world, world.approved())
    companion = approved(world, joined(world, event))
    run_tally()
    tomorrow = world.today + dt.timedelta(days=1)
    merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    run_tally()
    event.refresh_from_db()
    assert event.host == world.other_school
    assert not CoHost.objects.filter(unit=world.school).exists()
    rows = ActivityRecord.objects.filter(event=event).order_by("pk")
    assert [(row.unit, row.is_hosting) for row in rows] == [(event.host, True), (event.host, False)]
    merged = so_far(world.campaign, [world.other_school])
    assert (merged.sessions, merged.onsite, merged.values["records"]) == (1, 200, 2)
    assert verify(world.campaign, count_all(world.campaign)) == []
    assert_true(world.campaign)
    again = joining.join(event, event.host, actor=world.stranger, key=uuid.uuid4())
    assert again.pk in {rows[0].pk, companion.pk}


def test_what_both_units_were_named_for_is_named_once_after_a_merger(world: World) -> None:
    host = Unit.objects.get(pk=world.bureau.pk)
    event = joining.announce(
        JointEvent(activity_type=world.lecture, host=host, held_on=world.today, title="全市宣讲"),
        actor=world.administrator,
    )
    for unit in (world.school, world.other_school):
        CoHost.objects.create(event=event, unit=unit)
    tomorrow = world.today + dt.timedelta(days=1)
    merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    assert list(CoHost.objects.values_list("unit", flat=True)) == [world.other_school.pk]
