"""The sheet of a weekly meeting and the decisions noted on it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.campaigns.models import Campaign
from reports.weekly.meeting.deciding import Wording, amend, note, remove
from reports.weekly.models import MeetingDecision, WeeklyReport
from tests.personas import World, person, unit
from units.models import Account, AuditEntry, Deed
from units.roles import REVIEWER
from units.rules import RuleError

SignIn = Callable[[Account], Client]
MEETING, ADD = "/weekly/meeting/", "/weekly/meeting/decisions/"
MOST_QUERIES = 32
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def decision(world: World) -> MeetingDecision:
    """Return a decision of the bureau's meeting on this week."""
    return note(world.period, world.bureau, Wording("周三前补报", "滨海市第一中学"), actor=world.reviewer)


def listed(html: str) -> dict[str, int]:
    """Return how many reports stand on each list."""
    found = re.findall(r'data-listing="(\w+)"\s+data-number="(\d+)"', html)
    return {name: int(number) for name, number in found}


def test_reviewer_reads_who_is_late_and_what_came_in(
    world: World, sign_in: SignIn, run_tally: Callable[[], None]
) -> None:
    world.approved()
    run_tally()
    now = timezone.now()
    WeeklyReport.objects.filter(period=world.period).update(due_at=now - HOUR, close_at=now + HOUR)
    mine = WeeklyReport.objects.filter(period=world.period, unit=world.school)
    mine.update(filed_at=now, highlights="三百人齐读原著")
    html = sign_in(world.reviewer).get(MEETING).content.decode()
    assert listed(html) == {"missing": 1, "returned": 0, "late": 1, "due": 0}
    assert "三百人齐读原著" in html
    assert re.search(r'data-sum="owed">\s*2', html)
    assert re.search(r'data-sum="in-time">\s*0', html)


def test_accepted_late_report_stays_late(world: World, sign_in: SignIn) -> None:
    now = timezone.now()
    WeeklyReport.objects.filter(period=world.period, unit=world.school).update(
        due_at=now - HOUR, close_at=now + HOUR, filed_at=now, accepted_at=now
    )
    assert listed(sign_in(world.leader).get(MEETING).content.decode())["late"] == 1


@pytest.mark.parametrize("who", ["liaison", "head", "stranger", "auditor", "newcomer"])
def test_who_neither_reviews_nor_oversees_is_refused(world: World, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(world, who))
    assert client.get(MEETING).status_code == 403
    assert client.post(ADD, {"text": "x"}).status_code == 403


def test_team_member_sees_the_sheet_of_the_covered_unit(world: World, sign_in: SignIn) -> None:
    html = sign_in(world.team_member).get(MEETING).content.decode()
    assert world.school.name in html
    assert world.other_school.name not in html
    assert "decision-form" not in html


@pytest.mark.parametrize("query", ["week=99", "week=x", "week=²", "unit=x", "unit=99999"])
def test_week_or_unit_that_is_not_there_is_missing(world: World, sign_in: SignIn, query: str) -> None:
    assert sign_in(world.reviewer).get(f"{MEETING}?{query}").status_code == 404


def test_stranger_finds_neither_sheet_nor_decision(
    world: World, sign_in: SignIn, decision: MeetingDecision
) -> None:
    client = sign_in(person("narrow", "二中审核员", (REVIEWER, world.other_school)))
    assert client.get(f"{MEETING}?unit={world.bureau.pk}").status_code == 404
    assert client.get(f"{ADD}{decision.pk}/").status_code == 404
    assert client.post(f"{ADD}{decision.pk}/remove/", {"version": 1}).status_code == 404
    assert client.post(ADD, {"text": "x", "unit": world.bureau.pk}).status_code == 404
    assert "周三前补报" not in client.get(MEETING).content.decode()


@pytest.mark.parametrize("who", ["leader", "team_member"])
def test_mere_reader_changes_nothing(
    world: World, sign_in: SignIn, decision: MeetingDecision, who: str
) -> None:
    client = sign_in(getattr(world, who))
    status = 403 if who == "leader" else 404
    assert client.post(f"{ADD}{decision.pk}/", {"text": "x", "version": 1}).status_code == status
    assert client.post(f"{ADD}{decision.pk}/remove/", {"version": 1}).status_code == status
    assert client.post(ADD, {"text": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_decision_is_noted_changed_and_removed(world: World, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(world, who))
    typed = {"text": "周三前补报", "in_charge": world.school.name, "due_on": world.today.isoformat()}
    answer = client.post(ADD, typed | {"week": 3, "unit": world.bureau.pk})
    assert answer.headers["Location"] == f"{MEETING}?week=3&unit={world.bureau.pk}#decisions"
    decision = MeetingDecision.objects.get()
    assert (decision.owner, decision.owner_name, decision.due_on) == (world.school, "", world.today)
    assert "周三前补报" in client.get(MEETING).content.decode()
    page = f"{ADD}{decision.pk}/"
    assert "周三前补报" in client.get(page).content.decode()
    client.post(page, typed | {"text": "周四前补报", "in_charge": "王老师", "version": 1})
    decision.refresh_from_db()
    assert (decision.text, decision.owner, decision.owner_name) == ("周四前补报", None, "王老师")
    change = AuditEntry.objects.get(
        deed=Deed.CHANGE, object_id=decision.pk, object_type="weekly.meetingdecision"
    )
    assert change.changes["text"] == ["周三前补报", "周四前补报"]
    assert client.post(f"{page}remove/", {"version": 2}).status_code == 302
    assert "周四前补报" not in client.get(MEETING).content.decode()
    assert MeetingDecision.objects.get().removed_at is not None
    assert client.get(page).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", {"text": "  "}),
        ("text", {"text": "长" * 501}),
        ("in_charge", {"text": "补报", "in_charge": "长" * 121}),
        ("due_on", {"text": "补报", "due_on": "never"}),
        ("due_on", {"text": "补报", "due_on": "2001-01-01"}),
    ],
)
def test_bad_input_comes_back_with_its_reason(
    world: World, sign_in: SignIn, field: str, typed: dict[str, str]
) -> None:
    answer = sign_in(world.reviewer).post(ADD, typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not MeetingDecision.objects.exists()


def test_name_of_two_units_stays_a_name(world: World) -> None:
    unit("T1", "同名小学", "school", world.bureau)
    unit("T2", "同名小学", "school", world.bureau)
    decision = note(world.period, world.bureau, Wording("补报", "同名小学"), actor=world.reviewer)
    assert (decision.owner, decision.owner_name) == (None, "同名小学")


def test_of_two_changes_the_second_meets_a_conflict(
    world: World, sign_in: SignIn, decision: MeetingDecision
) -> None:
    amend(decision, Wording("周四前补报"), version=1, actor=world.reviewer)
    stale = {"text": "周五前补报", "version": 1}
    answer = sign_in(world.second_reviewer).post(f"{ADD}{decision.pk}/", stale)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "周四前补报" in html
    assert "周五前补报" in html
    with pytest.raises(RuleError) as refused:
        remove(decision, version=1, actor=world.second_reviewer)
    assert refused.value.code == "stale"


def test_last_weeks_decisions_stand_below(world: World, sign_in: SignIn) -> None:
    before = world.campaign.periods.get(number=2)
    note(before, world.bureau, Wording("上周议定"), actor=world.reviewer)
    html = sign_in(world.reviewer).get(f"{MEETING}?week=3").content.decode()
    assert "上周议定" in html
    assert "上周议定" not in sign_in(world.reviewer).get(f"{MEETING}?week=1").content.decode()


def test_without_a_week_the_page_says_so(world: World, sign_in: SignIn) -> None:
    Campaign.objects.update(starts_on=world.today + dt.timedelta(days=9))
    world.campaign.periods.update(
        starts_on=world.today + dt.timedelta(days=9), ends_on=world.today + dt.timedelta(days=19)
    )
    client = sign_in(world.reviewer)
    assert "data-empty" in client.get(MEETING).content.decode()
    assert client.post(ADD, {"text": "x"}).status_code == 302


def test_queries_do_not_grow(world: World, sign_in: SignIn, decision: MeetingDecision) -> None:
    client = sign_in(world.reviewer)

    def n_queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(MEETING).status_code == 200
        return len(asked)

    before = n_queries()
    for number in range(12):
        at = unit(f"X{number}", f"第{number}小学", "school", world.bureau)
        due = {"due_at": world.period.due_at, "close_at": world.period.close_at}
        WeeklyReport.objects.create(
            unit=at, period=world.period, highlights="亮点", filed_at=timezone.now(), **due
        )
        note(world.period, world.bureau, Wording("补报", at.name), actor=world.reviewer)
    assert n_queries() == before <= MOST_QUERIES
