"""Finding records again: words, filters, pages, kept filters, and the list as a file."""

from __future__ import annotations

import datetime as dt
import io
from urllib.parse import urlencode

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from reports.records import workflow
from reports.records.models import ActivityRecord, SavedFilter
from reports.records.paging import PAGE_SIZE
from reports.records.words import matching, pairs_of
from tests.personas import World
from tests.reports.record_forms import SignIn
from units.models import AuditEntry, Team, UnitKind

MOST_QUERIES = 26


def listed(browser: Client, **asked: object) -> list[ActivityRecord]:
    """Return the records that the list shows."""
    return list(browser.get(f"/records/?{urlencode(asked)}").context["page"].records)


@pytest.mark.parametrize(
    ("written", "is_found"),
    [
        ("思政", True),
        ("政", True),
        ("思政课 第三会议室", True),
        ("ABC", True),
        ("𠮷野", True),
        ("100%", True),
        ("思 政", True),
        ("政思", False),
        ("思政课 操场", False),
        ("_", False),
        ("%", True),
        ("'", False),
        ("\x00", True),
    ],
)
def test_words_are_found_wherever_they_stand(world: World, written: str, is_found: bool) -> None:
    world.draft(title="全校思政课", place="第三会议室", text="abc 𠮷野家 完成 100%")
    assert matching(ActivityRecord.objects.all(), written).exists() is is_found


def test_words_are_looked_up_by_pairs_that_both_sides_write_alike() -> None:
    assert pairs_of("思政课") == ["思政", "政课"]
    assert pairs_of("课") == []
    assert pairs_of("AB") == ["ab"]
    assert pairs_of("İx") == []


def test_staff_narrow_down_by_kind_team_and_words(world: World, sign_in: SignIn) -> None:
    own, foreign = world.submitted(title="读书分享"), world.foreign()
    browser = sign_in(world.leader)
    other = UnitKind.objects.filter(is_reporting=True).exclude(pk=world.school.kind_id)[0]
    assert listed(browser) == [foreign, own]
    assert listed(browser, kind=world.school.kind_id) == [foreign, own]
    assert listed(browser, kind=other.pk) == []
    assert listed(browser, team=Team.objects.get().pk) == [own]
    assert listed(browser, words="读书") == [own]
    assert listed(browser, words="读书", status="approved") == []


def test_a_liaison_is_not_asked_for_kind_or_team(world: World, sign_in: SignIn) -> None:
    form = sign_in(world.liaison).get("/records/").context["filters"]
    assert set(form.fields) == {"words", "type", "status", "week"}


def test_team_member_chooses_among_the_teams_that_cover_what_they_see(world: World, sign_in: SignIn) -> None:
    Team.objects.create(name="别组", kind="patrol", group=world.team_member.groups.create(name="别组"))
    world.team_member.groups.remove(world.team_member.groups.get(name="别组"))
    form = sign_in(world.leader).get("/records/").context["filters"]
    assert [name for _pk, name in form.fields["team"].choices[1:]] == ["第一巡回指导组"]


def test_words_never_reach_a_record_out_of_reach(world: World, sign_in: SignIn) -> None:
    world.draft(title="机密计划")
    for who in (world.stranger, world.leader):
        assert listed(sign_in(who), words="机密") == []


def test_pages_lead_forth_and_back_over_everything(world: World, sign_in: SignIn) -> None:
    for day in range(3):
        for _one in range(15):
            world.draft(held_on=world.today - dt.timedelta(days=day))
    browser, seen = sign_in(world.liaison), []
    asked: dict[str, str] = {}
    while True:
        page = browser.get(f"/records/?{urlencode(asked)}").context["page"]
        seen.append(page.records)
        if not page.older:
            break
        asked = {"after": page.older}
    in_order = list(ActivityRecord.objects.latest_first())
    assert [record for records in seen for record in records] == in_order
    assert [len(records) for records in seen] == [PAGE_SIZE, PAGE_SIZE, 5]
    back = browser.get(f"/records/?before={page.newer}").context["page"]
    assert back.records == seen[1]
    first = browser.get(f"/records/?before={back.newer}").context["page"]
    assert (first.records, first.newer) == (seen[0], "")


@pytest.mark.parametrize(
    "place", ["x", "2026-13-40-1", "2026-11-23", "9999-99-99-9", "\x00", "2026-11-23--1"]
)
def test_a_place_that_is_none_begins_at_the_top(world: World, sign_in: SignIn, place: str) -> None:
    record = world.draft()
    assert listed(sign_in(world.liaison), after=place) == [record]
    assert listed(sign_in(world.liaison), before=place) == [record]


def test_a_filter_is_kept_shown_and_dropped(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    browser.post("/records/filters/keep/?status=draft&words=读书&junk=1", {"name": " 草稿 "})
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.person) == ("草稿", world.liaison)
    assert "junk" not in kept.query
    assert "草稿" in browser.get(f"/records/?{kept.query}").content.decode()
    browser.post("/records/filters/keep/?status=approved", {"name": "草稿"})
    assert SavedFilter.objects.get().query == "status=approved"
    assert browser.post(f"/records/filters/{kept.pk}/drop/").status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize(("query", "name"), [("", "空"), ("status=nonsense", "空"), ("status=draft", " ")])
def test_an_empty_filter_is_not_kept(world: World, sign_in: SignIn, query: str, name: str) -> None:
    response = sign_in(world.liaison).post(f"/records/filters/keep/?{query}", {"name": name}, follow=True)
    assert "message-error" in response.content.decode()
    assert not SavedFilter.objects.exists()


def test_somebody_elses_filter_is_as_missing_as_a_missing_one(world: World, sign_in: SignIn) -> None:
    kept = SavedFilter.objects.create(person=world.head, name="负责人专用", query="status=draft")
    for pk in (kept.pk, 10**9):
        assert sign_in(world.liaison).post(f"/records/filters/{pk}/drop/").status_code == 404
    assert SavedFilter.objects.get() == kept
    assert "负责人专用" not in sign_in(world.liaison).get("/records/").content.decode()


def test_the_file_holds_what_the_list_shows(world: World, sign_in: SignIn) -> None:
    world.draft(title="另一场")
    record = world.submitted(title="=读书分享", speaker="主讲", topic="主题")
    world.foreign()
    response = sign_in(world.liaison).post("/records/export/?status=submitted", {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.values)
    assert len(rows) == 2
    assert "'=读书分享" in rows[1]
    entry = AuditEntry.objects.filter(deed="export").get()
    assert entry.changes == {"format": "xlsx", "n_rows": 1, "filter": {"status": "submitted"}}
    assert record.pk in rows[1]


def test_csv_is_read_by_excel(world: World, sign_in: SignIn) -> None:
    world.submitted()
    response = sign_in(world.reviewer).post("/records/export/", {"format": "csv"})
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Cache-Control"].startswith("no-store")


def test_who_only_oversees_takes_nothing_away(world: World, sign_in: SignIn) -> None:
    world.submitted()
    assert sign_in(world.team_member).post("/records/export/", {"format": "csv"}).status_code == 403
    assert "format" not in sign_in(world.team_member).get("/records/").content.decode()


def test_an_unknown_format_is_missing(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.liaison).post("/records/export/", {"format": "exe"}).status_code == 404


def test_too_many_for_one_file_is_said_in_advance(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.submitted()
    monkeypatch.setattr("reports.records.handing_out.MAX_ROWS", 0)
    response = sign_in(world.liaison).post("/records/export/", {"format": "csv"}, follow=True)
    assert "message-error" in response.content.decode()
    assert not AuditEntry.objects.filter(deed="export").exists()


def test_the_list_costs_the_same_for_one_and_for_many(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _one in range(PAGE_SIZE + 5):
        workflow.submit(world.draft(), actor=world.liaison)
    browser = sign_in(world.leader)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert len(listed(browser, words="宣讲", team=Team.objects.get().pk)) == PAGE_SIZE
