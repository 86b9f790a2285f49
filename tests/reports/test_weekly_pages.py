"""The weekly pages: reading for all in reach, filing for the unit's liaison alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reports.campaigns.models import Period
from reports.weekly import filing
from reports.weekly.models import Standing, WeeklyReport
from reports.weekly.obligations import ensure_reports
from tests.personas import World, unit
from units.models import Account, AuditEntry, Deed, Unit

SignIn = Callable[[Account], Client]
READERS = ["head", "reviewer", "leader", "team_member"]
LIST = "/weekly/"
TYPED = {"progress": "组织专题党课两场。\n参加三百人。", "plan": "下周开展调研。"}


@pytest.fixture
def report(world: World) -> WeeklyReport:
    """Return what the liaison's school owes for this week, still in time."""
    Period.objects.filter(pk=world.period.pk).update(due_at=timezone.now() + dt.timedelta(days=1))
    return owed(world.school, world.period)


def owed(at: Unit, period: Period) -> WeeklyReport:
    found: WeeklyReport = WeeklyReport.objects.select_related("period", "unit").get(unit=at, period=period)
    return found


def detail(report: WeeklyReport) -> str:
    return reverse("weekly:report-detail", args=[report.pk])


def send(client: Client, report: WeeklyReport, verb: str = "file", **typed: str) -> HttpResponse:
    answer = client.post(reverse(f"weekly:report-{verb}", args=[report.pk]), typed or TYPED)
    assert isinstance(answer, HttpResponse)
    return answer


def standings(html: str) -> list[str]:
    return re.findall(r'data-standing="(\w+)"', html)


def test_liaison_files_the_report_and_it_is_read_only(
    world: World, sign_in: SignIn, report: WeeklyReport
) -> None:
    client = sign_in(world.liaison)
    assert send(client, report).headers["Location"] == detail(report)
    report.refresh_from_db()
    assert (report.progress, report.filed_by) == (TYPED["progress"], world.liaison)
    html = client.get(detail(report)).content.decode()
    assert "data-filed" in html
    assert standings(html) == ["on_time"]
    assert str(world.liaison) in html
    assert 'name="progress"' not in html


def test_liaison_files_a_zero_report(world: World, sign_in: SignIn, report: WeeklyReport) -> None:
    client = sign_in(world.liaison)
    assert send(client, report, "zero", reason="期中考试周。").status_code == 302
    html = client.get(detail(report)).content.decode()
    assert standings(html) == ["zero"]
    assert "期中考试周。" in html


@pytest.mark.parametrize("name", READERS)
def test_readers_read_and_cannot_file(world: World, sign_in: SignIn, report: WeeklyReport, name: str) -> None:
    client = sign_in(getattr(world, name))
    page = client.get(detail(report))
    assert page.status_code == 200
    assert b'name="progress"' not in page.content
    for verb in ("file", "zero"):
        assert send(client, report, verb, progress="x", reason="x").status_code == 403
    report.refresh_from_db()
    assert report.filed_at is None


def test_stranger_finds_nothing(world: World, sign_in: SignIn, report: WeeklyReport) -> None:
    client = sign_in(world.stranger)
    assert client.get(detail(report)).status_code == 404
    assert send(client, report).status_code == 404
    assert send(client, report, "zero", reason="x").status_code == 404
    assert world.school.name not in client.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["auditor", "newcomer"])
def test_person_without_any_unit_is_refused(
    world: World, sign_in: SignIn, report: WeeklyReport, name: str
) -> None:
    client = sign_in(getattr(world, name))
    assert client.get(LIST).status_code == 403
    assert client.get(detail(report)).status_code == 404


def test_filing_is_a_post_and_a_sign_in_in_between_leads_back_to_the_form(
    world: World, sign_in: SignIn, report: WeeklyReport
) -> None:
    client = sign_in(world.liaison)
    for verb in ("file", "zero"):
        answer = client.get(reverse(f"weekly:report-{verb}", args=[report.pk]))
        assert answer.headers["Location"] == detail(report)
    report.refresh_from_db()
    assert report.filed_at is None


@pytest.mark.parametrize(
    ("verb", "field", "typed"),
    [
        ("file", "progress", {"progress": "  ", "plan": "下周开展调研。"}),
        ("file", "progress", {"progress": "长" * 5001, "plan": "下周开展调研。"}),
        ("file", "plan", {"progress": "已完成。", "plan": "长" * 5001}),
        ("file", "progress", {"progress": "\x00", "plan": "下周开展调研。"}),
        ("zero", "reason", {"reason": ""}),
        ("zero", "reason", {"reason": "长" * 501}),
    ],
)
def test_bad_input_shows_its_error_at_the_field_and_keeps_what_was_typed(
    world: World, sign_in: SignIn, report: WeeklyReport, verb: str, field: str, typed: dict[str, str]
) -> None:
    answer = send(sign_in(world.liaison), report, verb, **typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in html
    assert f'href="#id_{field}"' in html
    assert all(text.strip().replace("\x00", "") in html for text in typed.values())
    report.refresh_from_db()
    assert report.filed_at is None


def test_text_of_the_full_length_passes_whatever_its_line_ends(
    world: World, sign_in: SignIn, report: WeeklyReport
) -> None:
    text = ("长" * 99 + "\r\n") * 50
    assert send(sign_in(world.liaison), report, progress=text).status_code == 302


def test_double_click_is_one_filing(world: World, sign_in: SignIn, report: WeeklyReport) -> None:
    client = sign_in(world.liaison)
    answers = [send(client, report), send(client, report)]
    assert [answer.headers["Location"] for answer in answers] == [detail(report)] * 2
    assert AuditEntry.objects.filter(deed=Deed.FILE).count() == 1
    html = client.get(detail(report)).content.decode()
    assert "message-info" in html


def test_slower_colleague_sees_both_texts(world: World, sign_in: SignIn, report: WeeklyReport) -> None:
    filing.file(report, actor=world.liaison, progress="第一稿。")
    answer = send(sign_in(world.liaison), report, progress="第二稿。", plan="")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "data-filed" in html
    assert "data-typed" in html
    assert "第一稿。" in html
    assert "第二稿。" in html


def test_closed_week_cannot_be_filed_and_keeps_what_was_typed(
    world: World, sign_in: SignIn, report: WeeklyReport
) -> None:
    past = timezone.now() - dt.timedelta(hours=1)
    WeeklyReport.objects.filter(pk=report.pk).update(due_at=past, close_at=past)
    client = sign_in(world.liaison)
    html = client.get(detail(report)).content.decode()
    assert 'data-lock="closed"' in html
    assert 'name="progress"' not in html
    answer = send(client, report)
    assert answer.status_code == 422
    assert TYPED["plan"] in answer.content.decode()


@pytest.mark.parametrize(
    ("hours_left", "is_filed", "is_zero", "standing"),
    [
        (1, False, False, Standing.DUE),
        (-1, False, False, Standing.MISSING),
        (1, True, False, Standing.ON_TIME),
        (-1, True, False, Standing.LATE),
        (1, True, True, Standing.ZERO),
        (-1, True, True, Standing.ZERO),
    ],
)
def test_standing_is_shown_by_sign_and_word(
    world: World,
    sign_in: SignIn,
    report: WeeklyReport,
    hours_left: int,
    is_filed: bool,
    is_zero: bool,
    standing: Standing,
) -> None:
    due = timezone.now() + dt.timedelta(hours=hours_left)
    WeeklyReport.objects.filter(pk=report.pk).update(due_at=due, close_at=due + dt.timedelta(days=9))
    report.refresh_from_db()
    if is_zero:
        filing.file_zero(report, actor=world.liaison, reason="考试。")
    elif is_filed:
        filing.file(report, actor=world.liaison, progress="完成。")
    html = sign_in(world.liaison).get(LIST, {"week": report.period.number}).content.decode()
    assert standings(html) == [standing.value]
    assert str(standing.label) in html


def test_list_holds_the_latest_week_on_top_and_one_week_where_asked(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.leader)
    html = client.get(LIST).content.decode()
    numbers = [int(number) for number in re.findall(r'data-week="(\d+)"', html)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) >= 3
    first = client.get(LIST, {"week": 1}).content.decode()
    assert re.findall(r'data-week="(\d+)"', first) == ["1"]


@pytest.mark.parametrize("asked", [{"week": "x"}, {"week": "²"}, {"page": "-1"}, {"page": "zz"}])
def test_nonsense_in_the_address_shows_the_plain_list(
    world: World, sign_in: SignIn, asked: dict[str, str]
) -> None:
    client = sign_in(world.liaison)
    assert standings(client.get(LIST, asked).content.decode()) == standings(client.get(LIST).content.decode())


def test_unknown_week_is_empty_and_says_so(world: World, sign_in: SignIn) -> None:
    assert b"data-empty" in sign_in(world.liaison).get(LIST, {"week": "999"}).content


def test_contents_sum_the_approved_and_name_the_rest(
    world: World, sign_in: SignIn, report: WeeklyReport, run_tally: Callable[[], None]
) -> None:
    world.approved()
    world.approved(values={"sessions": 2, "onsite": 5, "online": 0})
    world.submitted()
    world.draft()
    run_tally()
    html = sign_in(world.liaison).get(detail(report)).content.decode()
    sums = dict(re.findall(r'data-sum="(\w+)">\s*([^<]*?)\s*<', html))
    assert sums == {"records": "2", "sessions": "3", "onsite": "125", "online": "300"}
    assert 'data-records="4"' in html
    assert 'data-records="3"' in sign_in(world.leader).get(detail(report)).content.decode()


def test_list_costs_the_same_for_few_and_many_units(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.leader)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(12):
        unit(f"N{number}", f"第{number}小学", "school", world.bureau)
    ensure_reports(world.campaign, now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(few)
    assert len(many) <= 16


def test_detail_costs_the_same_for_few_and_many_records(
    world: World, sign_in: SignIn, report: WeeklyReport
) -> None:
    client = sign_in(world.liaison)
    world.submitted()
    with CaptureQueriesContext(connection) as few:
        client.get(detail(report))
    for _number in range(12):
        world.submitted()
    with CaptureQueriesContext(connection) as many:
        client.get(detail(report))
    assert len(many) == len(few)
    assert len(many) <= 22
