"""The board: what it shows, to whom, and that its numbers are those of a count by hand."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reports.campaigns.models import Campaign, Period
from reports.weekly.board.asking import choices
from reports.weekly.models import WeeklyReport
from tests.personas import World
from units.models import Account, AuditEntry, Deed, Unit
from units.tree import plant_many

SignIn = Callable[[Account], Client]
BOARD = "/weekly/board/"
MOST_QUERIES = 26
HOUR = dt.timedelta(hours=1)


def filed(report: WeeklyReport, **facts: Any) -> None:
    """Store a report as filed in time, or with other facts."""
    WeeklyReport.objects.filter(pk=report.pk).update(**({"filed_at": report.due_at} | facts))


def packed(html: str) -> dict[str, Any]:
    """Return what the script draws from."""
    found = re.search(r'<script id="board-data" type="application/json">(.*?)</script>', html, re.S)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def marks_of(html: str) -> dict[str, str]:
    """Return the marks of each unit by its name."""
    rows = [row.split("\t") for row in packed(html)["rows"]]
    return {name: marks for _pk, marks, _rates, _closed, name in rows}


@pytest.fixture
def past(world: World) -> list[WeeklyReport]:
    """Return the school's three reports, all of them due an hour ago."""
    due = timezone.now() - HOUR
    WeeklyReport.objects.update(due_at=due, close_at=due + 48 * HOUR)
    return list(WeeklyReport.objects.filter(unit=world.school).order_by("period__number"))


def test_leader_sees_each_unit_week_by_week(world: World, sign_in: SignIn, past: list[WeeklyReport]) -> None:
    filed(past[0])
    filed(past[1], filed_at=timezone.now(), accepted_at=timezone.now())
    html = sign_in(world.leader).get(BOARD).content.decode()
    assert marks_of(html)[world.school.name] == "oLm"
    assert marks_of(html)[world.other_school.name] == "mmm"
    assert f'href="/weekly/board/{world.school.pk}/1/"' in html


def test_closed_unit_keeps_its_row_and_blanks_where_it_owed_nothing(
    world: World, sign_in: SignIn, past: list[WeeklyReport]
) -> None:
    rows = packed(sign_in(world.leader).get(BOARD).content.decode())["rows"]
    [row] = [row.split("\t") for row in rows if row.endswith(world.closed_school.name)]
    assert row[1][-1] == "."
    assert row[3] == "1"


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("liaison", ["滨海市第一中学"]),
        ("team_member", ["滨海市第一中学"]),
        ("stranger", ["滨海市第二中学"]),
        ("reviewer", ["滨海市第一中学", "滨海市第二中学", "滨海市老城小学"]),
    ],
)
def test_everybody_sees_their_own_units(world: World, sign_in: SignIn, who: str, names: list[str]) -> None:
    html = sign_in(getattr(world, who)).get(BOARD).content.decode()
    assert list(marks_of(html)) == names


@pytest.mark.parametrize("who", ["auditor", "newcomer"])
def test_who_holds_no_unit_is_refused(world: World, sign_in: SignIn, who: str) -> None:
    client = sign_in(getattr(world, who))
    assert client.get(BOARD).status_code == 403
    assert client.post(f"{BOARD}export/").status_code == 403


def test_strangers_cells_are_missing(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.stranger)
    for path in (f"{BOARD}{world.school.pk}/1/", f"{BOARD}{world.school.pk}/1/story/"):
        assert client.get(path).status_code == 404
    assert client.get(BOARD, {"unit": world.school.pk}).status_code == 404


def test_cell_leads_to_its_report_and_tells_its_story(
    world: World, sign_in: SignIn, past: list[WeeklyReport]
) -> None:
    filed(past[0], filed_by=world.liaison, is_zero=True, reason="期中考试")
    client = sign_in(world.leader)
    answer = client.get(f"{BOARD}{world.school.pk}/1/")
    assert answer.headers["Location"] == f"/weekly/{past[0].pk}/"
    story = client.get(f"{BOARD}{world.school.pk}/1/story/").content.decode()
    assert str(world.liaison) in story
    assert "期中考试" in story


@pytest.mark.parametrize(
    "query",
    ["kind=none", "team=999", "state=accepted", "state=x", "week=99", "week=²", "unit=x", "unit=99999"],
)
def test_filter_that_is_not_offered_is_missing(world: World, sign_in: SignIn, query: str) -> None:
    assert sign_in(world.leader).get(f"{BOARD}?{query}").status_code == 404


def test_filters_keep_what_they_say(world: World, sign_in: SignIn, past: list[WeeklyReport]) -> None:
    for report in past:
        filed(report)
    client = sign_in(world.leader)

    def names(**query: str | int) -> set[str]:
        html = client.get(BOARD, query).content.decode()
        return set(marks_of(html)) if "board-data" in html else set()

    school, other, closed = world.school.name, world.other_school.name, world.closed_school.name
    team = choices(world.campaign, world.leader, timezone.now()).teams[0]
    assert names() == {school, other, closed}
    assert names(state="missing") == {other, closed}
    assert names(state="missing", week=3) == {other}
    assert names(state="on_time") == {school}
    assert names(team=team.pk) == {school}
    assert names(unit=world.bureau.pk, kind="school") == {school, other, closed}
    assert names(kind="university") == set()


def test_dash_stands_where_nothing_was_owed(world: World, sign_in: SignIn) -> None:
    WeeklyReport.objects.update(due_at=timezone.now() + HOUR, close_at=timezone.now() + HOUR)
    rows = packed(sign_in(world.leader).get(BOARD).content.decode())["rows"]
    assert {row.split("\t")[2] for row in rows} == {"— — — — —"}


def test_without_a_campaign_and_before_its_first_week_the_page_says_so(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.leader)
    WeeklyReport.objects.all().delete()
    Period.objects.filter(campaign=world.campaign).update(
        starts_on=world.today + dt.timedelta(days=9), ends_on=world.today + dt.timedelta(days=19)
    )
    assert "data-empty" in client.get(BOARD).content.decode()
    Period.objects.all().delete()
    world.lecture.indicators.all().delete()
    world.lecture.delete()
    Campaign.objects.all().delete()
    assert "data-empty" in client.get(BOARD).content.decode()


def test_too_many_units_ask_to_narrow_the_board_down(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.weekly.board.showing.MOST_UNITS", 1)
    client = sign_in(world.reviewer)
    assert 'data-empty="too-many"' in client.get(BOARD).content.decode()
    assert client.post(f"{BOARD}export/", {"format": "csv"}).status_code == 302
    assert not AuditEntry.objects.filter(deed=Deed.EXPORT).exists()


def test_queries_do_not_grow_with_units_and_weeks(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.leader)
    client.get(BOARD)

    def n_queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(BOARD).status_code == 200
        return len(asked)

    before = n_queries()
    kind = world.school.kind
    plant_many(
        [Unit(code=f"X{n}", name=f"第{n}小学", kind=kind, parent=world.bureau) for n in range(60)], actor=None
    )
    for at in Unit.objects.filter(code__startswith="X"):
        WeeklyReport.objects.bulk_create(
            WeeklyReport(unit=at, period=week, due_at=week.due_at, close_at=week.close_at)
            for week in world.campaign.periods.weekly()
        )
    assert n_queries() == before <= MOST_QUERIES


def test_reviewer_takes_the_board_away_and_it_is_written_down(
    world: World, sign_in: SignIn, past: list[WeeklyReport]
) -> None:
    filed(past[0])
    Unit.objects.filter(pk=world.school.pk).update(name="=1+1")
    answer = sign_in(world.reviewer).post(f"{BOARD}export/?kind=school", {"format": "csv"})
    text = b"".join(answer) if answer.streaming else answer.content
    lines = text.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3 + 5
    assert "'=1+1" in lines[1]
    entry = AuditEntry.objects.get(deed=Deed.EXPORT)
    assert entry.actor == world.reviewer
    assert entry.changes["filter"] == {"board": "kind=school"}


def test_team_member_reads_and_takes_nothing_away(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.team_member)
    assert client.get(BOARD).status_code == 200
    assert client.post(f"{BOARD}export/", {"format": "xlsx"}).status_code == 403
