"""The board: what it shows, to whom, and that its numbers are those of a count by hand."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.campaigns.models import Campaign, Period
from reports.weekly.board.asking import Asked, choices
from reports.weekly.board.percents import whole
from reports.weekly.board.reading import (
    median_in_time,
    rates_by_kind,
    rates_by_period,
    rates_by_unit,
    rates_of,
    within,
)
from reports.weekly.board.showing import Board, board
from reports.weekly.models import Standing, WeeklyReport
from reports.weekly.rates import of_reports
from tests.personas import World, unit
from units import scope
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


def shown(world: World, reader: Account, asked: Asked | None = None, now: dt.datetime | None = None) -> Board:
    moment = now or timezone.now()
    return board(world.campaign, asked or Asked(), choices(world.campaign, reader, moment), reader, moment)


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

    def names(**query: object) -> set[str]:
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


def test_sums_at_the_edges_are_those_of_the_rows(world: World, past: list[WeeklyReport]) -> None:
    filed(past[0])
    found, now = shown(world, world.leader), timezone.now()
    of_all = list(WeeklyReport.objects.all())
    assert found.total == of_reports(of_all, now)
    for week, rates in zip(found.periods, found.by_period, strict=True):
        assert rates == of_reports([one for one in of_all if one.period_id == week.pk], now)


def test_dash_stands_where_nothing_was_owed(world: World, sign_in: SignIn) -> None:
    WeeklyReport.objects.update(due_at=timezone.now() + HOUR, close_at=timezone.now() + HOUR)
    rows = packed(sign_in(world.leader).get(BOARD).content.decode())["rows"]
    assert {row.split("\t")[2] for row in rows} == {"— — — — —"}


@pytest.mark.parametrize(
    ("n_part", "n_all", "written"),
    [(0, 3, "0"), (1, 1000, "1"), (999, 1000, "99"), (3, 3, "100"), (1, 8, "13"), (0, 0, "—")],
)
def test_whole_percent_never_claims_all_or_none(n_part: int, n_all: int, written: str) -> None:
    now = timezone.now()
    due = now - HOUR
    reports = [
        WeeklyReport(due_at=due, close_at=due, filed_at=due if number < n_part else None)
        for number in range(n_all)
    ]
    assert whole(of_reports(reports, now).in_time_pct) == written


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


def test_median_is_that_of_enough_units_and_remembered(world: World, past: list[WeeklyReport]) -> None:
    now, kind = timezone.now(), world.school.kind
    assert median_in_time(world.campaign, kind, now) is None
    cache.clear()
    for number in range(5):
        at = unit(f"M{number}", f"第{number}小学", "school", world.bureau)
        due = {"due_at": now - HOUR, "close_at": now + HOUR}
        filed(WeeklyReport.objects.create(unit=at, period=world.period, **due))
    assert median_in_time(world.campaign, kind, now) == 100
    WeeklyReport.objects.update(filed_at=None)
    assert median_in_time(world.campaign, kind, now) == 100
    cache.clear()
    assert median_in_time(world.campaign, kind, now) == 0


DEEDS: list[dict[str, Any]] = [
    {},
    {"filed": -1},
    {"filed": 1},
    {"filed": -1, "is_zero": True, "reason": "停课"},
    {"filed": 1, "is_zero": True, "reason": "停课", "accepted": True},
    {"filed": 1, "accepted": True},
    {"returned": True},
    {"filed": -1, "n_returns": 2},
    {"excused": True},
]


def made(at: Unit, week: Period, now: dt.datetime, hours: int, deed: dict[str, Any]) -> WeeklyReport:
    """Return an unsaved report that was due `hours` from `now`, and what became of it."""
    due = now + hours * HOUR
    report = WeeklyReport(unit=at, period=week, due_at=due, close_at=due + 24 * HOUR)
    if "filed" in deed:
        report.filed_at = due + deed["filed"] * HOUR
    report.is_zero, report.reason = deed.get("is_zero", False), deed.get("reason", "")
    report.n_returns = deed.get("n_returns", 0)
    if deed.get("accepted"):
        report.accepted_at = report.filed_at
    if deed.get("returned"):
        report.returned_at, report.return_reason, report.n_returns = now, "人次不符", 1
    if deed.get("excused"):
        report.excused_at, report.excuse = now, "停课"
    return report


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 3), st.integers(-90, 90), st.integers(0, len(DEEDS) - 1)),
        max_size=9,
        unique_by=lambda row: row[:2],
    )
)
def test_every_rate_is_that_of_a_count_by_hand(world: World, rows: list[tuple[int, int, int, int]]) -> None:
    WeeklyReport.objects.all().delete()
    now, weeks = timezone.now(), {week.number: week for week in world.campaign.periods.weekly()}
    # One of the three is closed and one is merged into another: what they owed stays theirs.
    Unit.objects.filter(pk=world.other_school.pk).update(merged_into=world.school, closed_on=world.today)
    places = [world.school, world.other_school, world.closed_school]
    reports = [made(places[at], weeks[week], now, hours, DEEDS[deed]) for at, week, hours, deed in rows]
    WeeklyReport.objects.bulk_create(reports)
    everything = within(world.campaign, scope.EVERYTHING)
    assert rates_of(everything, now) == of_reports(reports, now)
    for found, key in (
        (rates_by_period(everything, now), lambda one: one.period_id),
        (rates_by_unit(everything, now), lambda one: one.unit_id),
        (rates_by_kind(everything, now), lambda one: one.unit.kind_id),
    ):
        assert found == {
            value: of_reports([one for one in reports if key(one) == value], now)
            for value in {key(one) for one in reports}
        }
        for rates in found.values():
            assert rates.n_in_time + rates.n_late + rates.n_returned + rates.n_missing == rates.n_owed
            for name in ("in_time_pct", "late_pct", "zero_pct", "returned_pct", "missing_pct"):
                share = getattr(rates, name)
                assert share is None if not rates.n_owed else 0 <= share <= 100
    lines = shown(world, world.leader, now=now).lines or []
    drawn = Counter(mark.lower() for line in lines for mark in line.marks if mark != ".")
    by_hand = Counter(report.timing or report.standing(now) for report in reports)
    letters = {
        "o": Standing.ON_TIME,
        "l": Standing.LATE,
        "z": Standing.ZERO,
        "r": Standing.RETURNED,
        "m": Standing.MISSING,
        "d": Standing.DUE,
        "n": Standing.NOT_DUE,
        "e": Standing.EXCUSED,
    }
    assert {letters[letter]: number for letter, number in drawn.items()} == dict(by_hand)
