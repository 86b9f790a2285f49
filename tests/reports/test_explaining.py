"""A doubtful record waits for its explanations; they travel with it and go when the doubt is gone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from reports.campaigns.models import Indicator
from reports.records import workflow
from reports.records.explaining import doubts_of
from reports.records.models import ActivityRecord, Transition
from reports.records.resources import RecordResource
from reports.records.reviewing import steps_of
from tests.personas import World
from tests.reports.record_forms import CREATE, SignIn, codes, typed
from tests.reports.test_soft_rules import IDENTITY
from units.models import AuditEntry
from units.rules import RuleError

REASON = "三校联合举办，含家长代表。"


@pytest.fixture
def strict(world: World) -> World:
    """Return the world whose lecture asks why more than 100 came."""
    Indicator.objects.filter(activity_type=world.lecture, code="onsite").update(soft_maximum=100)
    return world


def test_a_doubtful_record_is_a_draft_until_it_is_explained(strict: World) -> None:
    draft = strict.draft()
    with pytest.raises(RuleError) as refused:
        workflow.submit(draft, actor=strict.liaison)
    assert (refused.value.code, refused.value.field) == ("reason_due", "reason_above_onsite")
    assert ActivityRecord.objects.get(pk=draft.pk).status == "draft"
    workflow.edit(draft, strict.content(reasons={"above_onsite": REASON}), actor=strict.liaison)
    record = workflow.submit(draft, actor=strict.liaison)
    [explained] = doubts_of(record)
    assert explained.explanation == REASON
    assert "120" in explained.message
    assert "100" in explained.message


@pytest.mark.parametrize("reason", ["", "   ", "好的吧", "长" * 201])
def test_an_explanation_has_4_to_200_characters(strict: World, reason: str) -> None:
    with pytest.raises(RuleError) as refused:
        strict.submitted(reasons={"above_onsite": reason})
    assert refused.value.field == "reason_above_onsite"


@pytest.mark.parametrize(
    "reasons", [{"nonsense": REASON}, {"above_<b>": REASON}, {"": REASON}, {"twin\n": REASON}]
)
def test_an_explanation_of_no_rule_is_refused_even_in_a_draft(world: World, reasons: dict[str, str]) -> None:
    with pytest.raises(RuleError) as refused:
        world.draft(reasons=reasons)
    assert refused.value.code == "unknown_reason"


def test_a_forged_explanation_is_no_text(world: World) -> None:
    with pytest.raises(RuleError):
        world.draft(reasons={"twin": 7})


def test_the_explanation_goes_when_the_doubt_is_gone(strict: World) -> None:
    record = strict.submitted(reasons={"above_onsite": REASON})
    workflow.send_back(record, actor=strict.reviewer, note="请核对")
    values = {"sessions": 1, "onsite": 90}
    workflow.edit(
        record, strict.content(values=values, reasons={"above_onsite": REASON}), actor=strict.liaison
    )
    workflow.submit(record, actor=strict.liaison)
    stored = ActivityRecord.objects.get(pk=record.pk)
    assert (stored.reasons, stored.doubts, doubts_of(stored)) == ({}, [], [])


def test_the_rounds_and_the_trail_keep_every_explanation(strict: World) -> None:
    record = strict.submitted(reasons={"above_onsite": REASON})
    workflow.send_back(record, actor=strict.reviewer, note="请核对")
    workflow.edit(record, strict.content(reasons={"above_onsite": "签到表已附上"}), actor=strict.liaison)
    workflow.submit(record, actor=strict.liaison)
    first, last = Transition.objects.filter(record=record, verb="submit").order_by("version")
    assert first.content["reasons"] == {"above_onsite": REASON}
    assert last.content["reasons"] == {"above_onsite": "签到表已附上"}
    [difference] = steps_of(record)[-1].differences
    assert (difference.was, difference.became) == (REASON, "签到表已附上")
    assert "120" in difference.label
    assert AuditEntry.objects.filter(changes__reasons__isnull=False).exists()


def test_what_was_said_stays_although_the_type_changes(strict: World) -> None:
    record = strict.submitted(reasons={"above_onsite": REASON})
    Indicator.objects.filter(code="onsite").update(name="现场人次", soft_maximum=None)
    [explained] = doubts_of(ActivityRecord.objects.get(pk=record.pk))
    assert "线下人次" in explained.message


def test_the_form_asks_for_every_explanation_at_once_and_loses_nothing(
    strict: World, sign_in: SignIn
) -> None:
    client = sign_in(strict.liaison)
    sent = typed(strict, text=f"联系人 {IDENTITY}")
    page = client.post(CREATE, sent)
    assert page.status_code == 422
    assert codes(page, "reason_above_onsite") == ["reason_due"]
    assert codes(page, "reason_identity_text") == ["reason_due"]
    text = page.content.decode()
    assert text.count('name="reason_') == 2
    assert 'value="120"' in text
    assert ActivityRecord.objects.count() == 0
    again = client.post(CREATE, sent | {"reason_above_onsite": REASON, "reason_identity_text": "短"})
    assert codes(again, "reason_above_onsite") == []
    assert codes(again, "reason_identity_text") == ["reason_due"]
    assert REASON in again.content.decode()
    done = client.post(CREATE, sent | {"reason_above_onsite": REASON, "reason_identity_text": "本人同意公开"})
    assert done.status_code == 302
    assert ActivityRecord.objects.get().reasons == {
        "above_onsite": REASON,
        "identity_text": "本人同意公开",
    }


def test_a_draft_is_not_questioned_and_keeps_what_was_explained(strict: World, sign_in: SignIn) -> None:
    client = sign_in(strict.liaison)
    sent = typed(strict, deed="save", reason_above_onsite="未写完")
    assert client.post(CREATE, sent).status_code == 302
    record = ActivityRecord.objects.get()
    assert record.reasons == {"above_onsite": "未写完"}
    page = client.get(reverse("records:record-edit", args=[record.pk]))
    assert "未写完" in page.content.decode()


def test_handing_in_from_the_record_leads_to_the_question(strict: World, sign_in: SignIn) -> None:
    client, draft = sign_in(strict.liaison), strict.draft()
    answer = client.post(reverse("records:record-submit", args=[draft.pk]), {"version": 1}, follow=True)
    assert codes(answer, "reason_above_onsite") == ["reason_due"]


def test_unit_and_reviewer_read_the_explanation(strict: World, sign_in: SignIn) -> None:
    record = strict.submitted(reasons={"above_onsite": REASON})
    for who, name in (
        (strict.liaison, "records:record-detail"),
        (strict.reviewer, "admin:records_activityrecord_change"),
    ):
        page: str = sign_in(who).get(reverse(name, args=[record.pk])).content.decode()
        assert REASON in page
    row = RecordResource(ActivityRecord.objects.all()).export_resource(record)
    assert any(REASON in str(cell) for cell in row)


def test_a_copied_record_explains_nothing_beforehand(strict: World, sign_in: SignIn) -> None:
    record = strict.submitted(reasons={"above_onsite": REASON})
    client: Client = sign_in(strict.liaison)
    assert REASON not in client.get(f"{CREATE}?copy={record.pk}").content.decode()
