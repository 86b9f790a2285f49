"""What is doubtful in a ledger: it is explained in its own column, or stays a draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.campaigns.models import Indicator
from reports.records import workflow
from reports.records.ledgers.handing_in import Ledger, plan_of
from reports.records.models import ActivityRecord
from tests.personas import World
from tests.reports.ledger_files import HEADINGS, bring, codes, fill, filled, ledger, row, sheet_of, template
from units.workbooks.reading import Cell, Sheet


@pytest.fixture(autouse=True)
def soft_limit(world: World) -> None:
    """Let more than a hundred attendances ask for a reason."""
    Indicator.objects.filter(code="onsite").update(soft_maximum=100)


def with_reasons(world: World, *rows: list[Cell], is_final: bool = True) -> Ledger:
    """Return a ledger with the column for explanations."""
    return replace(ledger(world, is_final=is_final), sheets=[Sheet("", [[*HEADINGS, "情况说明"], *rows])])


def test_submission_waits_for_the_explanation_and_a_draft_does_not(world: World) -> None:
    doubtful = [*row(world, "一"), None]
    assert codes(plan_of(with_reasons(world, doubtful))) == [(2, "G", "reason_due")]
    assert codes(plan_of(ledger(world, row(world, "一")))) == [(2, "", "reason_due")]
    bring(with_reasons(world, doubtful, is_final=False), world.liaison)
    assert ActivityRecord.objects.get().status == "draft"


def test_explanation_stands_with_the_record_as_the_single_verb_leaves_it(world: World) -> None:
    reasons = {"above_onsite": "全区联片活动"}
    single = workflow.submit(world.draft(title="单个", text="", reasons=reasons), actor=world.liaison)
    bring(with_reasons(world, [*row(world, "批量"), "全区联片活动"]), world.liaison)
    batch = ActivityRecord.objects.get(title="批量")
    assert (batch.reasons, batch.doubts) == (single.reasons, single.doubts)
    steps = [record.transitions.get(verb="submit").content for record in (batch, single)]
    assert [step["doubts"] for step in steps] == [single.doubts] * 2


def test_explanation_is_kept_by_a_draft_and_not_where_nothing_is_doubtful(world: World) -> None:
    rows = [[*row(world, "一"), "全区联片活动"], [*row(world, "二", onsite=5), "无"]]
    bring(with_reasons(world, *rows, is_final=False), world.liaison)
    stored = dict(ActivityRecord.objects.values_list("title", "reasons"))
    assert stored == {"一": {"above_onsite": "全区联片活动"}, "二": {}}


def test_same_ledger_with_explanations_changes_nothing_and_another_explanation_does(world: World) -> None:
    handed_in = with_reasons(world, [*row(world, "一"), "全区联片活动"])
    bring(handed_in, world.liaison)
    assert bring(handed_in, world.liaison).counts()["unchanged"] == 1
    workflow.send_back(ActivityRecord.objects.get(), actor=world.reviewer, note="说明不清")
    assert bring(handed_in, world.liaison).counts()["unchanged"] == 1
    bring(with_reasons(world, [*row(world, "一"), "三校联合举办"]), world.liaison)
    record = ActivityRecord.objects.get()
    assert (record.status, record.reasons) == ("submitted", {"above_onsite": "三校联合举办"})


def test_template_with_what_is_there_brings_the_explanation_back(world: World) -> None:
    draft = world.draft(title="一", reasons={"above_onsite": "全区联片活动", "twin": "与二中同日"})
    book = template(world, draft)
    assert plan_of(filled(world, book, is_final=False)).counts()["unchanged"] == 1
    fill(sheet_of(book, world.lecture), 4, 地点="操场")
    bring(filled(world, book), world.liaison)
    draft.refresh_from_db()
    assert (draft.status, draft.reasons) == ("submitted", {"above_onsite": "全区联片活动"})
