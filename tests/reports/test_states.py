"""Who may do what to a record, and when: every role, every verb, every status."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from reports.records import bulk, workflow
from reports.records.models import ActivityRecord, Transition
from reports.records.states import TABLE, Status, Verb, after, counts, verbs_in
from reports.statistics.models import StaleCell
from tests.personas import World
from units.accounts import appoint
from units.models import Account, AuditEntry, Unit
from units.roles import REVIEWER
from units.rules import RuleError

ROLES = [
    "liaison",
    "head",
    "stranger",
    "reviewer",
    "second_reviewer",
    "team_member",
    "leader",
    "administrator",
    "auditor",
    "newcomer",
]
# The truth of this file, written out by hand and not read from the code.
ALLOWED: set[tuple[str, Verb, Status]] = {
    ("liaison", Verb.EDIT, Status.DRAFT),
    ("liaison", Verb.EDIT, Status.RETURNED),
    ("liaison", Verb.SUBMIT, Status.DRAFT),
    ("liaison", Verb.SUBMIT, Status.RETURNED),
    ("liaison", Verb.VOID, Status.DRAFT),
    ("liaison", Verb.VOID, Status.RETURNED),
    ("reviewer", Verb.ENDORSE, Status.SUBMITTED),
    ("reviewer", Verb.APPROVE, Status.SUBMITTED),
    ("reviewer", Verb.RETURN, Status.SUBMITTED),
    ("reviewer", Verb.REOPEN, Status.APPROVED),
    ("second_reviewer", Verb.ENDORSE, Status.SUBMITTED),
    ("second_reviewer", Verb.APPROVE, Status.SUBMITTED),
    ("second_reviewer", Verb.RETURN, Status.SUBMITTED),
    ("second_reviewer", Verb.REOPEN, Status.APPROVED),
}
HOLDERS = {
    Verb.EDIT: {"liaison"},
    Verb.SUBMIT: {"liaison"},
    Verb.VOID: {"liaison"},
    Verb.ENDORSE: {"reviewer", "second_reviewer"},
    Verb.APPROVE: {"reviewer", "second_reviewer"},
    Verb.RETURN: {"reviewer", "second_reviewer"},
    Verb.REOPEN: {"reviewer", "second_reviewer"},
}
LEADS_TO = {
    Verb.SUBMIT: Status.SUBMITTED,
    Verb.APPROVE: Status.APPROVED,
    Verb.RETURN: Status.RETURNED,
    Verb.REOPEN: Status.RETURNED,
    Verb.VOID: Status.VOID,
}


def do(verb: Verb, record: ActivityRecord, world: World, actor: Account) -> ActivityRecord:
    """Let `actor` do `verb`, with a reason and new content where they are asked for."""
    deeds: dict[Verb, Callable[[], ActivityRecord]] = {
        Verb.EDIT: lambda: workflow.edit(record, world.content(title="新题"), actor=actor),
        Verb.SUBMIT: lambda: workflow.submit(record, actor=actor),
        # The first of two approvals, where the type asks for two.
        Verb.ENDORSE: lambda: workflow.approve(reviewed_twice(record), actor=actor),
        Verb.APPROVE: lambda: workflow.approve(record, actor=actor),
        Verb.RETURN: lambda: workflow.send_back(record, actor=actor, note="缺照片"),
        Verb.REOPEN: lambda: workflow.reopen(record, actor=actor, note="人次有误"),
        Verb.VOID: lambda: workflow.void(record, actor=actor, note="重复"),
    }
    return deeds[verb]()


def reviewed_twice(record: ActivityRecord) -> ActivityRecord:
    """Let two review the record's type from now on."""
    record.activity_type.needs_second_review = True
    return record


def record_in(world: World, status: Status) -> ActivityRecord:
    """Return a record of the liaison's school in `status`, which the second reviewer decided if anyone."""
    record = world.draft()
    if status is Status.VOID:
        return workflow.void(record, actor=world.liaison)
    if status is Status.DRAFT:
        return record
    workflow.submit(record, actor=world.liaison)
    if status is Status.APPROVED:
        workflow.approve(record, actor=world.second_reviewer)
    if status is Status.RETURNED:
        workflow.send_back(record, actor=world.second_reviewer, note="缺照片")
    return record


def traces(record: ActivityRecord) -> list[object]:
    """Return all that a verb could leave behind: the row, the steps, the trail, the marks."""
    row = ActivityRecord.objects.filter(pk=record.pk).values().get()
    return [row, Transition.objects.count(), AuditEntry.objects.count(), StaleCell.objects.count()]


def in_memory(record: ActivityRecord) -> dict[str, object]:
    """Return what the loaded row says of itself."""
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("verb", Verb)
def test_whoever_may_not_changes_nothing_and_hears_why(world: World, verb: Verb, status: Status) -> None:
    record = record_in(world, status)
    for who in ROLES:
        if (who, verb, status) in ALLOWED:
            continue
        stored, loaded = traces(record), in_memory(record)
        with pytest.raises(RuleError) as refused:
            do(verb, record, world, getattr(world, who))
        assert refused.value.code == ("wrong_state" if who in HOLDERS[verb] else "not_yours"), who
        assert traces(record) == stored, who
        assert in_memory(record) == loaded, who


@pytest.mark.parametrize(("who", "verb", "status"), sorted(ALLOWED))
def test_whoever_may_moves_the_record_one_step(world: World, who: str, verb: Verb, status: Status) -> None:
    record = record_in(world, status)
    version, n_steps, n_rows = record.version, Transition.objects.count(), AuditEntry.objects.count()
    do(verb, record, world, getattr(world, who))
    stored = ActivityRecord.objects.get(pk=record.pk)
    assert in_memory(stored) == in_memory(record)
    assert (stored.state, stored.version) == (LEADS_TO.get(verb, status), version + 1)
    assert (Transition.objects.count(), AuditEntry.objects.count()) == (n_steps + 1, n_rows + 1)
    step = Transition.objects.filter(record=record).latest("id")
    assert (step.verb, step.from_status, step.to_status) == (verb.value, status.value, stored.status)
    assert (step.version, step.actor) == (stored.version, getattr(world, who))


def test_the_table_of_states_is_what_is_written_here() -> None:
    written = {(verb, status) for _who, verb, status in ALLOWED}
    assert {(verb, status) for verb, moves in TABLE.items() for status in moves} == written
    assert [status for status in Status if counts(status)] == [Status.APPROVED]
    assert verbs_in(Status.VOID) == []
    assert after(Verb.APPROVE, Status.RETURNED) is None


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("who", ROLES)
def test_bulk_decides_exactly_what_the_single_verb_would(world: World, who: str, status: Status) -> None:
    actor: Account = getattr(world, who)
    for verb, target in ((Verb.APPROVE, Status.APPROVED), (Verb.RETURN, Status.RETURNED)):
        record = record_in(world, status)
        stored = traces(record)
        if verb is Verb.APPROVE:
            outcome = bulk.approve_many([record.pk], actor=actor)
        else:
            outcome = bulk.send_back_many([record.pk], actor=actor, note="缺")
        is_done = (who, verb, status) in ALLOWED
        assert (outcome.n_done, outcome.n_left) == ((1, 0) if is_done else (0, 1))
        assert (traces(record) != stored) == is_done
        assert ActivityRecord.objects.get(pk=record.pk).state == (target if is_done else status)


def test_c22_nobody_decides_on_what_they_submitted_singly_or_in_bulk(world: World) -> None:
    appoint(world.liaison, REVIEWER, actor=None, unit=world.bureau)
    record = world.submitted()
    stored = traces(record)
    for verb in (Verb.APPROVE, Verb.RETURN):
        with pytest.raises(RuleError) as refused:
            do(verb, record, world, world.liaison)
        assert refused.value.code == "own_record"
    assert bulk.approve_many([record.pk], actor=world.liaison).n_done == 0
    assert traces(record) == stored


@pytest.mark.parametrize("verb", [Verb.RETURN, Verb.REOPEN])
@pytest.mark.parametrize("note", ["", "   ", "\n\t"])
def test_c19_a_decision_against_the_unit_needs_a_reason(world: World, verb: Verb, note: str) -> None:
    record = record_in(world, Status.SUBMITTED if verb is Verb.RETURN else Status.APPROVED)
    single = workflow.send_back if verb is Verb.RETURN else workflow.reopen
    stored = traces(record)
    with pytest.raises(RuleError) as refused:
        single(record, actor=world.reviewer, note=note)
    assert (refused.value.code, refused.value.field) == ("reason_missing", "note")
    with pytest.raises(RuleError):
        bulk.send_back_many([record.pk], actor=world.reviewer, note=note)
    assert traces(record) == stored


@pytest.mark.parametrize("who", ["stranger", "reviewer", "leader"])
def test_a_stranger_learns_nothing_of_what_a_draft_lacks(world: World, who: str) -> None:
    draft = world.draft(title="", values={})
    with pytest.raises(RuleError) as refused:
        workflow.submit(draft, actor=getattr(world, who))
    assert refused.value.code == "not_yours"


def test_a_role_taken_back_between_reading_and_doing_counts(world: World) -> None:
    record = world.submitted()
    Account.objects.filter(pk=world.reviewer.pk).update(is_active=False)
    switched_off = Account.objects.get(pk=world.reviewer.pk)
    with pytest.raises(RuleError) as refused:
        workflow.approve(record, actor=switched_off)
    assert refused.value.code == "not_yours"
    assert bulk.approve_many([record.pk], actor=switched_off).n_done == 0


def test_a_unit_that_closed_meanwhile_submits_no_more(world: World) -> None:
    draft = world.draft()
    Unit.objects.filter(pk=world.school.pk).update(closed_on=world.today)
    stored = traces(draft)
    with pytest.raises(RuleError) as refused:
        workflow.submit(ActivityRecord.objects.get(pk=draft.pk), actor=world.liaison)
    assert (refused.value.code, refused.value.field) == ("unit_inactive", "held_on")
    assert traces(draft) == stored


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"records": 1000, "sessions": 1, "onsite": 1}, "unknown_indicator"),
        ({"sessions": 1, "onsite": 1, "of_another_type": 5}, "unknown_indicator"),
        ({"sessions": "7", "onsite": 1}, "not_a_number"),
        ({"sessions": True, "onsite": 1}, "not_a_number"),
        ({"sessions": 1.5, "onsite": 1}, "not_a_number"),
        ({"sessions": None, "onsite": 1}, "not_a_number"),
        ({"sessions": 10**5000, "onsite": 1}, "too_large"),
    ],
)
def test_forged_numbers_never_reach_a_row(world: World, values: dict[str, object], code: str) -> None:
    """A text would stop the tally of the whole campaign, and "records" would add records from nothing."""
    draft = world.draft()
    stored = traces(draft)
    with pytest.raises(RuleError) as refused:
        world.draft(values=values)
    assert refused.value.code == code
    with pytest.raises(RuleError):
        workflow.edit(draft, world.content(values=values), actor=world.liaison)
    assert traces(draft) == stored


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"held_on": dt.date(2001, 1, 1)}, "outside_periods", "held_on"),
        ({"held_on": dt.date(9999, 12, 31)}, "outside_periods", "held_on"),
    ],
)
def test_a_refused_edit_leaves_the_loaded_record_as_it_was(
    world: World, changed: dict[str, object], code: str, field: str
) -> None:
    """A page shows the record again beside the error, and its next attempt must not be stale."""
    draft = world.draft()
    loaded = in_memory(draft)
    with pytest.raises(RuleError) as refused:
        workflow.edit(draft, world.content(**changed), actor=world.liaison)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert in_memory(draft) == loaded
    workflow.edit(draft, world.content(title="改好"), actor=world.liaison)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"title": "  "}, "required", "title"),
        ({"values": {"sessions": 1}}, "required", "value_onsite"),
        ({"values": {"sessions": 0, "onsite": 5}}, "too_small", "value_sessions"),
        ({"values": {"sessions": 1, "onsite": -5}}, "too_small", "value_onsite"),
        ({"values": {"sessions": 1, "onsite": 1_000_001}}, "too_large", "value_onsite"),
    ],
)
def test_an_incomplete_record_stays_a_draft(
    world: World, changed: dict[str, object], code: str, field: str
) -> None:
    draft = world.draft(**changed)
    stored, loaded = traces(draft), in_memory(draft)
    with pytest.raises(RuleError) as refused:
        workflow.submit(draft, actor=world.liaison)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert (traces(draft), in_memory(draft)) == (stored, loaded)


def test_only_a_liaison_of_the_unit_creates(world: World) -> None:
    for who in ROLES:
        before = ActivityRecord.objects.count()
        if who == "liaison":
            continue
        with pytest.raises(RuleError) as refused:
            workflow.create(world.school, world.lecture, world.content(), actor=getattr(world, who))
        assert refused.value.code == "not_yours"
        assert ActivityRecord.objects.count() == before
