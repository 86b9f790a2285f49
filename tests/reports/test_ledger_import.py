"""The import of a ledger: what it does to stored records, all at once or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.records import workflow
from reports.records.ledgers.carrying_out import carry_out
from reports.records.ledgers.handing_in import plan_of
from reports.records.models import ActivityRecord, Transition
from tests.personas import World
from tests.reports.ledger_files import bring, codes, ledger, row
from units.accounts import appoint
from units.importing.plan import Fate
from units.models import AuditEntry
from units.roles import LIAISON
from units.rules import RuleError

COUNTED = (ActivityRecord, Transition, AuditEntry)


def counts() -> list[int]:
    return [model.objects.count() for model in COUNTED]


def traces(record: ActivityRecord) -> dict[str, Any]:
    """Return all that is stored about a record but its numbers and moments."""
    columns = {
        field.attname: getattr(record, field.attname)
        for field in ActivityRecord._meta.concrete_fields
        if not field.name.endswith("_at") and field.name not in {"id", "key", "title"}
    }
    moments = {
        field.attname: getattr(record, field.attname) is None
        for field in ActivityRecord._meta.concrete_fields
        if field.name.endswith("_at")
    }
    steps = list(
        record.transitions.order_by("version").values(
            "verb", "from_status", "to_status", "version", "actor", "note", "content"
        )
    )
    for step in steps:
        step["content"].pop("title", None)
    deeds = AuditEntry.objects.filter(object_type="records.activityrecord", object_id=str(record.pk))
    told = list(deeds.order_by("id").values("deed", "actor", "actor_name", "unit", "changes", "channel"))
    return columns | moments | {"steps": steps, "deeds": told}


@pytest.mark.parametrize("is_final", [True, False], ids=["submitted", "drafts"])
def test_new_row_leaves_what_the_single_verbs_leave(world: World, is_final: bool) -> None:
    bring(ledger(world, row(world, "批量"), is_final=is_final), world.liaison)
    single = world.draft(title="单个", text="")
    if is_final:
        single = workflow.submit(single, actor=world.liaison)
    single.refresh_from_db()
    assert traces(ActivityRecord.objects.get(title="批量")) == traces(single)


@pytest.mark.parametrize("is_final", [True, False], ids=["submitted", "drafts"])
@pytest.mark.parametrize("is_returned", [True, False], ids=["returned", "draft"])
def test_changed_row_leaves_what_the_single_verbs_leave(
    world: World, is_final: bool, is_returned: bool
) -> None:
    batch, single = world.draft(title="批量", text=""), world.draft(title="单个", text="")
    if is_returned:
        batch, single = (workflow.submit(one, actor=world.liaison) for one in (batch, single))
        batch, single = (
            workflow.send_back(one, actor=world.reviewer, note="人次有误") for one in (batch, single)
        )
    content = world.content(title="单个", text="", values={"sessions": 2, "onsite": 7, "online": 300})
    single = workflow.edit(single, content, actor=world.liaison)
    if is_final:
        single = workflow.submit(single, actor=world.liaison)
    bring(ledger(world, row(world, "批量", sessions=2, onsite=7), is_final=is_final), world.liaison)
    single.refresh_from_db()
    assert traces(ActivityRecord.objects.get(title="批量")) == traces(single)


def test_draft_that_a_final_ledger_repeats_is_handed_in_as_the_single_verb_does(world: World) -> None:
    world.draft(title="批量", text="")
    single = workflow.submit(world.draft(title="单个", text=""), actor=world.liaison)
    bring(ledger(world, row(world, "批量")), world.liaison)
    single.refresh_from_db()
    assert traces(ActivityRecord.objects.get(title="批量")) == traces(single)


@pytest.mark.parametrize("is_final", [True, False], ids=["submitted", "drafts"])
def test_same_ledger_again_changes_nothing(world: World, is_final: bool) -> None:
    handed_in = ledger(world, row(world, "一"), row(world, "二"), is_final=is_final)
    bring(handed_in, world.liaison)
    before = counts()
    plan = bring(handed_in, world.liaison)
    assert plan.counts() == {"new": 0, "changed": 0, "unchanged": 2}
    assert counts() == before


def test_returned_record_is_not_handed_in_again_by_the_same_ledger(world: World) -> None:
    handed_in = ledger(world, row(world, "一"))
    bring(handed_in, world.liaison)
    workflow.send_back(ActivityRecord.objects.get(), actor=world.reviewer, note="人次有误")
    before = counts()
    assert bring(handed_in, world.liaison).counts()["unchanged"] == 1
    assert counts() == before
    assert ActivityRecord.objects.get().status == "returned"


def test_approved_record_that_the_ledger_repeats_is_unchanged_and_one_that_differs_is_an_error(
    world: World,
) -> None:
    world.approved(title="一", text="")
    assert plan_of(ledger(world, row(world, "一"))).counts()["unchanged"] == 1
    assert codes(plan_of(ledger(world, row(world, "一", onsite=1)))) == [(2, "", "locked")]


def test_one_wrong_row_keeps_all_rows_out_and_every_error_is_told_at_once(world: World) -> None:
    handed_in = ledger(
        world,
        row(world, "一"),
        row(world, "", onsite="许多"),
        row(world, "三", day="上周", sessions=0),
        row(world, "四", sessions=0, onsite=None),
    )
    before = counts()
    with pytest.raises(RuleError) as refused:
        bring(handed_in, world.liaison)
    assert refused.value.code == "problems"
    assert counts() == before
    assert codes(plan_of(handed_in)) == [
        (3, "E", "not_a_number"),
        (3, "B", "required"),
        (4, "A", "not_a_day"),
        (5, "D", "too_small"),
        (5, "E", "required"),
    ]


def test_draft_may_lack_what_a_submission_needs(world: World) -> None:
    incomplete = row(world, "一", onsite=None)
    assert codes(plan_of(ledger(world, incomplete))) == [(2, "E", "required")]
    bring(ledger(world, incomplete, is_final=False), world.liaison)
    assert ActivityRecord.objects.get().values == {"sessions": 1, "online": 300}


def test_record_that_moved_on_since_the_preview_stops_the_import_and_is_named(world: World) -> None:
    draft = world.draft(title="一", text="")
    handed_in = ledger(world, row(world, "一", onsite=7), row(world, "二"))
    seen = {draft.pk: draft.version}
    workflow.edit(draft, world.content(title="一", place="操场"), actor=world.liaison)
    before = counts()
    with pytest.raises(RuleError, match="“一”") as refused:
        carry_out(handed_in, actor=world.liaison, seen=seen)
    assert refused.value.code == "stale"
    assert counts() == before


def test_record_that_turned_up_since_the_preview_stops_the_import(world: World) -> None:
    world.draft(title="一", text="")
    with pytest.raises(RuleError) as refused:
        carry_out(ledger(world, row(world, "一", onsite=7)), actor=world.liaison, seen={})
    assert refused.value.code == "stale"


@pytest.mark.parametrize("name", ["stranger", "head", "reviewer", "administrator", "leader", "auditor"])
def test_who_does_not_report_for_the_unit_imports_nothing(world: World, name: str) -> None:
    before = counts()
    with pytest.raises(RuleError) as refused:
        bring(ledger(world, row(world)), getattr(world, name))
    assert refused.value.code == "not_yours"
    assert counts() == before


def test_liaison_of_several_units_imports_for_each_of_them(world: World) -> None:
    appoint(world.liaison, LIAISON, actor=None, unit=world.other_school)
    handed_in = ledger(world, row(world, "一"), is_final=False)
    bring(handed_in, world.liaison)
    other = replace(handed_in, said=replace(handed_in.said, unit=world.other_school))
    assert bring(other, world.liaison).counts()["new"] == 1
    units = set(ActivityRecord.objects.values_list("unit", flat=True))
    assert units == {world.school.pk, world.other_school.pk}


def test_colleague_hands_the_same_ledger_in_and_nothing_changes(world: World) -> None:
    handed_in = ledger(world, row(world, "一"))
    bring(handed_in, world.liaison)
    appoint(world.stranger, LIAISON, actor=None, unit=world.school)
    assert bring(handed_in, world.stranger).counts()["unchanged"] == 1


def test_two_rows_of_the_same_day_and_title_are_an_error_where_no_key_tells_them_apart(
    world: World,
) -> None:
    assert codes(plan_of(ledger(world, row(world, "一"), row(world, "一", onsite=3)))) == [(3, "B", "twice")]


def test_column_that_the_ledger_lacks_leaves_what_is_stored(world: World) -> None:
    draft = world.draft(title="一", text="面向全体教师。")
    bring(ledger(world, row(world, "一", onsite=7), is_final=False), world.liaison)
    draft.refresh_from_db()
    assert (draft.text, draft.values["onsite"]) == ("面向全体教师。", 7)


def test_emptied_cell_empties_what_is_stored(world: World) -> None:
    draft = world.draft(title="一")
    bring(ledger(world, row(world, "一", place=None, online=None), is_final=False), world.liaison)
    draft.refresh_from_db()
    assert (draft.place, draft.values) == ("", {"sessions": 1, "onsite": 120})


def test_void_record_does_not_stand_in_for_a_new_one(world: World) -> None:
    workflow.void(world.draft(title="一"), actor=world.liaison)
    assert plan_of(ledger(world, row(world, "一"))).counts()["new"] == 1


def test_preview_asks_as_much_for_many_rows_as_for_one(world: World, django_assert_num_queries: Any) -> None:
    bring(ledger(world, *(row(world, f"第{number}场") for number in range(300))), world.liaison)
    few = ledger(world, row(world, "第1场"))
    many = ledger(world, *(row(world, f"第{number}场", online=1) for number in range(300)))
    with CaptureQueriesContext(connection) as asked:
        plan_of(few)
    with django_assert_num_queries(len(asked)):
        assert codes(plan_of(many))[0] == (2, "", "locked")


def test_many_changed_rows_are_written_at_once(world: World) -> None:
    bring(
        ledger(world, *(row(world, f"第{number}场") for number in range(300)), is_final=False), world.liaison
    )
    many = ledger(world, *(row(world, f"第{number}场", onsite=number + 500) for number in range(300)))
    with CaptureQueriesContext(connection) as asked:
        plan = bring(many, world.liaison)
    assert len(plan.of(Fate.CHANGED)) == 300
    assert len(asked) < 100
    stored = ActivityRecord.objects.values_list("title", "values__onsite", "status", "version")
    assert set(stored) == {(f"第{number}场", number + 500, "submitted", 3) for number in range(300)}
