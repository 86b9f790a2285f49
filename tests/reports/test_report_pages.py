"""What a unit does on its report's pages: two-tap zero, drafts, signature, more time, the printed sheet."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reports.campaigns.models import Campaign, Filing
from reports.weekly import extending, filing, reviewing, signing
from reports.weekly.models import ReadyReason, ReportDraft, Standing, WeeklyReport
from tests.personas import World
from tests.reports.reports_owed import TYPED, SignIn, again, closed, filed, owed, page

MOST_QUERIES = 22


def html_of(client: Client, report: WeeklyReport, name: str = "detail") -> str:
    """Return one of a report's pages."""
    answer = client.get(page(report, name))
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def keep(client: Client, report: WeeklyReport, person: int, **fields: str) -> Any:
    """Send what stands in the form, as its script does."""
    told = {"person": person, "sequence": 7, "fields": {name: [text] for name, text in fields.items()}}
    return client.post(page(report, "typed"), json.dumps(told), content_type="application/json")


def asks_signature(world: World) -> None:
    """Let the campaign ask for the unit head's signature."""
    Campaign.objects.filter(pk=world.campaign.pk).update(asks_signature=True)


def test_start_page_offers_ready_reasons_that_file_a_zero_report(world: World, sign_in: SignIn) -> None:
    report, client = owed(world), sign_in(world.liaison)
    html, reason = client.get("/").content.decode(), str(ReadyReason.objects.filter(purpose="zero")[0])
    assert f'value="{reason}"' in html
    assert page(report, "zero") in html
    client.post(page(report, "zero"), {"ready": reason})
    assert (again(report).is_zero, again(report).reason) == (True, reason)


def test_ready_reason_and_own_words_become_one(world: World, sign_in: SignIn) -> None:
    report = owed(world)
    sign_in(world.liaison).post(page(report, "zero"), {"ready": "放假。", "reason": "补休两天。"})
    assert again(report).reason == "放假。\n补休两天。"


def test_week_with_records_offers_no_zero_report_and_refuses_one(world: World, sign_in: SignIn) -> None:
    report, client = owed(world), sign_in(world.liaison)
    world.draft()
    assert "data-zero-refused" in html_of(client, report)
    assert page(report, "zero") not in client.get("/").content.decode()
    answer = client.post(page(report, "zero"), {"reason": "停课"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="id_reason_error"' in answer.content.decode()
    assert again(report).filed_at is None


def test_all_four_texts_are_filed_and_shown(world: World, sign_in: SignIn) -> None:
    report, client = owed(world), sign_in(world.liaison)
    client.post(page(report, "file"), TYPED)
    html = html_of(client, report)
    assert all(text in html for text in TYPED.values())


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        ("return", ["请补充成效", "data-returned-report"]),
        ("accept", ["审核员甲"]),
        ("excuse", ["全校停课", "审核员甲"]),
    ],
)
def test_start_page_reads_every_verdict_right(
    world: World, sign_in: SignIn, deed: str, words: list[str]
) -> None:
    if deed == "excuse":
        extending.excuse(owed(world), actor=world.reviewer, note="全校停课")
    elif deed == "accept":
        reviewing.accept(filed(world), actor=world.reviewer)
    else:
        reviewing.send_back(filed(world), actor=world.reviewer, note="请补充成效")
    html = sign_in(world.liaison).get("/").content.decode()
    assert all(word in html for word in words)
    assert ('id="zero"' in html) == (deed == "return")


def test_start_page_names_what_is_owed_of_earlier_weeks(world: World, sign_in: SignIn) -> None:
    owed(world)
    earlier = WeeklyReport.objects.filter(unit=world.school).order_by("-period__number")[1]
    html = sign_in(world.liaison).get("/").content.decode()
    assert f'data-owed-report="{earlier.pk}"' in html
    extending.excuse(again(earlier), actor=world.reviewer, note="停课")
    assert "data-owed-report" not in sign_in(world.liaison).get("/").content.decode()


def test_returned_report_shows_why_holds_its_texts_and_tells_what_changed(
    world: World, sign_in: SignIn
) -> None:
    report, client = filed(world), sign_in(world.liaison)
    reviewing.send_back(report, actor=world.reviewer, note="请补充人数")
    html = html_of(client, report)
    assert "data-returned" in html
    assert "请补充人数" in html
    assert f">\n{TYPED['plan']}</textarea>" in html
    client.post(page(report, "file"), TYPED | {"plan": "调研三次。"})
    html = html_of(client, report)
    assert html.count('data-step="file"') == 2
    assert "<ins>" in html


def test_typed_text_comes_back_after_the_tab_was_closed(world: World, sign_in: SignIn) -> None:
    report, client = owed(world), sign_in(world.liaison)
    answer = keep(client, report, world.liaison.pk, progress="写到一半")
    assert (answer.status_code, answer.json()["sequence"]) == (HTTPStatus.OK, 7)
    assert "写到一半</textarea>" in html_of(client, report)
    assert "写到一半" not in html_of(sign_in(world.head), report)
    client.post(page(report, "drop"))
    assert "写到一半" not in html_of(client, report)


def test_colleague_who_filed_meanwhile_leaves_both_texts_on_the_page(world: World, sign_in: SignIn) -> None:
    report, client = owed(world), sign_in(world.liaison)
    keep(client, report, world.liaison.pk, progress="我的稿")
    draft = ReportDraft.objects.get()
    filing.file(report, actor=world.liaison, progress="同事的稿")
    ReportDraft.objects.create(
        person=draft.person, report=report, fields=draft.fields, sequence=draft.sequence
    )
    html = html_of(client, report)
    assert "data-typed" in html
    assert "我的稿" in html
    assert "同事的稿" in html


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"person": 1}', 400),
        ('{"person": 0, "sequence": 1, "fields": {}}', 409),
        ('{"person": 1, "sequence": -1, "fields": {}}', 400),
        (json.dumps({"person": 1, "sequence": 1, "fields": {"progress": ["长" * 100_001]}}), 413),
    ],
)
def test_nonsense_is_not_kept(world: World, sign_in: SignIn, body: str, status: int) -> None:
    report = owed(world)
    answer = sign_in(world.liaison).post(page(report, "typed"), body, content_type="application/json")
    assert answer.status_code == status
    assert not ReportDraft.objects.exists()


def test_head_signs_from_the_start_page(world: World, sign_in: SignIn) -> None:
    asks_signature(world)
    report, client = filed(world), sign_in(world.head)
    assert f'data-to-sign="{report.pk}"' in client.get("/").content.decode()
    assert "data-unsigned" in html_of(sign_in(world.liaison), report)
    client.post(page(report, "sign"))
    assert again(report).signed_by == world.head
    assert "data-signed" in html_of(client, report)
    assert "data-to-sign" not in client.get("/").content.decode()


def test_unsigned_is_said_to_the_liaison_on_the_start_page(world: World, sign_in: SignIn) -> None:
    asks_signature(world)
    report = filed(world)
    before = sign_in(world.liaison).get("/").content.decode()
    signing.sign(again(report), actor=world.head)
    assert sign_in(world.liaison).get("/").content.decode() != before


def test_signing_what_nobody_asks_to_sign_says_so(world: World, sign_in: SignIn) -> None:
    report = filed(world)
    html = sign_in(world.head).post(page(report, "sign"), follow=True).content.decode()
    assert "message-error" in html
    assert again(report).signed_at is None


@pytest.mark.parametrize("who", ["liaison", "head"])
def test_closed_report_says_why_whom_to_ask_and_takes_one_request(
    world: World, sign_in: SignIn, who: str
) -> None:
    report, client = closed(owed(world)), sign_in(getattr(world, who))
    html = html_of(client, report)
    assert 'data-lock="closed"' in html
    assert str(world.reviewer) in html
    client.post(page(report, "ask"), {"note": "停电一天"})
    assert (again(report).asked_by, again(report).ask_note) == (getattr(world, who), "停电一天")
    assert "data-asked" in html_of(client, report)
    again_asked = client.post(page(report, "ask"), follow=True).content.decode()
    assert "message-error" in again_asked


def test_too_long_a_request_shows_its_error_at_the_field(world: World, sign_in: SignIn) -> None:
    report = closed(owed(world))
    answer = sign_in(world.liaison).post(page(report, "ask"), {"note": "长" * 501})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'id="id_note_error"' in answer.content.decode()


def test_campaign_of_records_says_that_records_are_all(world: World, sign_in: SignIn) -> None:
    Campaign.objects.filter(pk=world.campaign.pk).update(filing=Filing.RECORDS)
    html = html_of(sign_in(world.liaison), owed(world))
    assert "data-records-only" in html
    assert 'name="progress"' not in html


def test_sheet_names_the_people_and_prints_zero_as_zero_and_missing_as_a_dash(
    world: World, sign_in: SignIn
) -> None:
    asks_signature(world)
    report, client = owed(world), sign_in(world.head)
    assert "<td>—</td>" in html_of(client, report, "sheet")
    filing.file_zero(report, actor=world.liaison, reason="期中考试周")
    signing.sign(again(report), actor=world.head)
    reviewing.accept(again(report), actor=world.reviewer)
    html = html_of(client, report, "sheet")
    assert html.count("<td>0</td>") == 4
    assert all(str(who) in html for who in (world.liaison, world.head, world.reviewer, "期中考试周"))


@pytest.mark.parametrize("name", ["sheet", "typed"])
def test_stranger_finds_nothing(world: World, sign_in: SignIn, name: str) -> None:
    assert sign_in(world.stranger).get(page(owed(world), name)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", ["typed", "drop", "sign", "ask"])
def test_wrong_role_is_refused_and_stranger_finds_nothing(world: World, sign_in: SignIn, name: str) -> None:
    report = owed(world)
    assert sign_in(world.leader).post(page(report, name)).status_code == HTTPStatus.FORBIDDEN
    assert sign_in(world.stranger).post(page(report, name)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("standing", Standing)
def test_list_is_narrowed_to_a_standing(world: World, sign_in: SignIn, standing: Standing) -> None:
    filed(world)
    owed(world, world.other_school)
    html = sign_in(world.leader).get("/weekly/", {"standing": standing.value}).content.decode()
    shown = html.count("data-standing=")
    assert html.count(f'data-standing="{standing.value}"') == shown
    assert (shown > 0) == (standing in {Standing.ON_TIME, Standing.DUE, Standing.MISSING})


@pytest.mark.parametrize("who", ["liaison", "head", "reviewer"])
@pytest.mark.parametrize("name", ["detail", "sheet"])
def test_pages_stay_within_their_queries(
    world: World,
    sign_in: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    who: str,
    name: str,
) -> None:
    report = filed(world)
    for _round in range(3):
        reviewing.send_back(again(report), actor=world.reviewer, note="缺")
        filing.file(again(report), actor=world.liaison, progress="完成。")
    client = sign_in(getattr(world, who))
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(page(report, name))
