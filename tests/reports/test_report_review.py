"""The reviewers' pages of the weekly reports in the administration."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reports.weekly import extending, filing, reviewing
from reports.weekly.models import Purpose, ReadyReason, WeeklyReport
from tests.personas import World
from tests.reports.reports_owed import (
    QUEUE,
    SignIn,
    again,
    closed,
    decide,
    decide_many,
    filed,
    owed,
    review_page,
)

MOST_QUERIES = 24
SOON = dt.timedelta(days=3)


def listed(client: Client, **asked: str) -> list[int]:
    """Return the numbers of the reports in the list."""
    response = client.get(reverse(QUEUE), asked)
    assert response.status_code == HTTPStatus.OK
    return [report.pk for report in response.context["cl"].result_list]


def chosen(client: Client, action: str, *reports: WeeklyReport, **more: str) -> Any:
    """Choose reports in the list, and an action."""
    data = {"action": action, "_selected_action": [report.pk for report in reports], "index": "0"}
    return client.post(f"{reverse(QUEUE)}?stands=all", data | more)


def in_three_days() -> str:
    """Return a moment as the browser's field sends it."""
    return f"{timezone.localtime() + SOON:%Y-%m-%dT%H:%M}"


def test_reviewer_begins_with_what_waits_and_leader_of_the_staff_with_everything(
    world: World, sign_in: SignIn
) -> None:
    report = filed(world)
    assert listed(sign_in(world.reviewer)) == [report.pk]
    assert len(listed(sign_in(world.reviewer), stands="all")) == WeeklyReport.objects.count()
    assert len(listed(sign_in(world.administrator))) == WeeklyReport.objects.count()


def test_list_holds_requests_and_standings(world: World, sign_in: SignIn) -> None:
    report, client = extending.ask(owed(world), actor=world.liaison), sign_in(world.reviewer)
    assert listed(client, stands="asking") == [report.pk]
    assert report.pk in listed(client, stands="due")
    assert listed(client, stands="nonsense") == listed(client)


def test_accepting_leads_to_what_waits_next(world: World, sign_in: SignIn) -> None:
    first, client = filed(world), sign_in(world.reviewer)
    second = filing.file_zero(owed(world, world.other_school), actor=world.stranger, reason="停课")
    answer = decide(client, first, "accept")
    assert answer.headers["Location"] == review_page(second)
    assert again(first).accepted_by == world.reviewer
    assert decide(client, second, "accept").headers["Location"] == reverse(QUEUE)


def test_return_joins_ready_reasons_and_own_words(world: World, sign_in: SignIn) -> None:
    report, reason = filed(world), ReadyReason.offered(Purpose.RETURN)[0]
    page = sign_in(world.reviewer).get(review_page(report)).content.decode()
    assert str(reason) in page
    decide(sign_in(world.reviewer), report, "return", reasons=[reason.pk], note="另缺计划")
    assert again(report).return_reason == f"{reason}\n另缺计划"


def test_request_is_granted_with_a_date_or_declined_with_a_reason(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reviewer)
    report = extending.ask(closed(owed(world)), actor=world.liaison, note="停电")
    assert "data-request" in client.get(review_page(report)).content.decode()
    assert 'data-requests="1"' in client.get(reverse("admin:index")).content.decode()
    assert 'data-requests="1"' in client.get("/").content.decode()
    decide(client, report, "extend", due_at=in_three_days(), note="同意")
    report = again(report)
    assert report.is_open_at(timezone.now())
    assert report.asked_at is None
    extending.ask(report, actor=world.liaison)
    decide(client, again(report), "refuse", note="已经延过")
    assert again(report).asked_at is None


@pytest.mark.parametrize(
    ("verb", "told", "status"),
    [
        ("return", {"note": ""}, 422),
        ("return", {"note": "长" * 501}, 422),
        ("return", {"note": "缺", "version": "x"}, 422),
        ("return", {"note": "缺", "reasons": ["999999"]}, 422),
        ("reopen", {"note": "误"}, 409),
        ("excuse", {"note": "停课"}, 409),
        ("refuse", {"note": "不行"}, 409),
        ("extend", {"note": "停电", "due_at": ""}, 422),
        ("extend", {"note": "停电", "due_at": "2026-02-30T10:00"}, 422),
        ("approve", {}, 404),
    ],
)
def test_bad_decision_changes_nothing_and_says_why(
    world: World, sign_in: SignIn, verb: str, told: dict[str, object], status: int
) -> None:
    report = filed(world)
    answer = decide(sign_in(world.reviewer), report, verb, **told)
    assert answer.status_code == status
    assert again(report).version == report.version
    if status != HTTPStatus.NOT_FOUND:
        assert "errorlist" in answer.content.decode() or told.get("version")


def test_decision_on_an_old_version_answers_409_with_what_was_typed(world: World, sign_in: SignIn) -> None:
    report = filed(world)
    reviewing.accept(again(report), actor=world.second_reviewer)
    answer = decide(sign_in(world.reviewer), report, "return", note="缺人数")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert again(report).accepted_by == world.second_reviewer


def test_action_asks_first_and_leaves_out_what_it_is_not_open_to(world: World, sign_in: SignIn) -> None:
    report, open_one = filed(world), owed(world, world.other_school)
    client = sign_in(world.reviewer)
    asked = chosen(client, "accept", report, open_one)
    assert f'data-candidate="{report.pk}"' in asked.content.decode()
    assert f'data-candidate="{open_one.pk}"' not in asked.content.decode()
    assert 'data-left-out="1"' in asked.content.decode()
    assert again(report).accepted_at is None
    decide_many(client, "accept", [report])
    assert again(report).accepted_by == world.reviewer


def test_whole_week_gets_more_time_at_once(world: World, sign_in: SignIn) -> None:
    client, report = sign_in(world.reviewer), owed(world)
    asked = chosen(client, "extend", report, select_across="1")
    assert asked.context["n_reports"] == WeeklyReport.objects.count()
    due_at = in_three_days()
    chosen_ones = asked.context["chosen"]
    url = reverse("admin:weekly_weeklyreport_decide_many", args=["extend"])
    bad = client.post(url, {"chosen": chosen_ones, "due_at": "", "note": "系统维护"})
    assert bad.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    client.post(url, {"chosen": chosen_ones, "due_at": due_at, "note": "系统维护"})
    later = {f"{timezone.localtime(one.due_at):%Y-%m-%dT%H:%M}" for one in WeeklyReport.objects.all()}
    assert later == {due_at}


@pytest.mark.parametrize("chosen_ones", ["", "x", "1", "1:1;2:2"])
def test_nonsense_is_no_choice(world: World, sign_in: SignIn, chosen_ones: str) -> None:
    url = reverse("admin:weekly_weeklyreport_decide_many", args=["accept"])
    answer = sign_in(world.reviewer).post(url, {"chosen": chosen_ones})
    assert answer.status_code == HTTPStatus.BAD_REQUEST


def test_own_report_is_shown_without_buttons(world: World, sign_in: SignIn) -> None:
    report = filed(world)
    WeeklyReport.objects.filter(pk=report.pk).update(filed_by=world.reviewer)
    html = sign_in(world.reviewer).get(review_page(report)).content.decode()
    assert "data-own-report" in html
    assert listed(sign_in(world.reviewer)) == []


def test_who_oversees_reads_and_decides_nothing(world: World, sign_in: SignIn) -> None:
    report, client = filed(world), sign_in(world.administrator)
    page = client.get(review_page(report)).content.decode()
    assert "data-decision" not in page
    assert decide(client, report, "accept").status_code == HTTPStatus.FORBIDDEN
    assert decide_many(client, "accept", [report]).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("who", ["liaison", "head", "leader", "newcomer", "auditor"])
def test_nobody_else_comes_in(world: World, sign_in: SignIn, who: str) -> None:
    report, client = filed(world), sign_in(getattr(world, who))
    assert client.get(review_page(report)).status_code == HTTPStatus.FORBIDDEN
    assert decide(client, report, "accept").status_code == HTTPStatus.FORBIDDEN


def test_page_stays_within_its_queries(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    report = filed(world)
    for _round in range(3):
        reviewing.send_back(again(report), actor=world.reviewer, note="缺")
        filing.file(again(report), actor=world.liaison, progress="完成。")
    client = sign_in(world.reviewer)
    for address in (review_page(report), reverse(QUEUE)):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(address).status_code == HTTPStatus.OK
