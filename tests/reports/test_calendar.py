"""The working-day calendar: files of a year, how they are loaded, and the page that says why."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from reports.campaigns import calendars
from reports.campaigns.models import CalendarYear, SpecialDay
from reports.campaigns.opening import coming
from reports.campaigns.workdays import Special
from tests.personas import World
from tests.reports.record_forms import SignIn
from units.models import AuditEntry, Deed
from units.rules import RuleError

LOAD = "/admin/campaigns/calendaryear/load/"
PERIODS = "/periods/"
NEW_YEAR = {"name": "元旦", "date": "2027-01-01", "isOffDay": True}
YEAR = {"year": 2027, "papers": ["https://www.gov.cn/zhengce/2027.htm", "javascript:x"], "days": [NEW_YEAR]}


def told(**changed: object) -> bytes:
    """Return the file of a year, some of it otherwise."""
    return json.dumps(YEAR | changed, ensure_ascii=False).encode()


def hand_in(client: Client, raw: bytes, **more: str) -> Any:
    return client.post(LOAD, {"file": SimpleUploadedFile("2027.json", raw), **more})


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfe", "no JSON text"),
        (b"[" * 100_000, "no JSON text"),
        (b"[]", "no list"),
        (told(days={}), "no list"),
        (told(year="2027"), "for which year"),
        (told(year=True), "for which year"),
        (told(year=1900), "for which year"),
        (told(days=[]), "lists no day yet"),
        (told(days=[NEW_YEAR] * 121), "more special days"),
        (told(days=["x"]), "is no day"),
        (told(days=[NEW_YEAR | {"name": ""}]), "has no name"),
        (told(days=[NEW_YEAR | {"name": "\u202e"}]), "has no name"),
        (told(days=[NEW_YEAR | {"isOffDay": "false"}]), "whether the day is off"),
        (told(days=[NEW_YEAR | {"date": "2027-02-30"}]), "no date"),
        (told(days=[NEW_YEAR | {"date": 20270101}]), "no date"),
        (told(days=[NEW_YEAR | {"date": "2031-01-01"}]), "another year"),
        (told(days=[NEW_YEAR, NEW_YEAR]), "second time"),
        (b" " * (calendars.MAX_BYTES + 1), "larger"),
    ],
)
def test_file_that_is_no_year_says_what_is_wrong(raw: bytes, says: str) -> None:
    with translation.override("en"), pytest.raises(RuleError, match=says):
        calendars.parse(raw)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_is_handed_in_is_a_year_or_refused(raw: bytes) -> None:
    with pytest.raises(RuleError):
        calendars.parse(raw)


def test_file_with_a_mark_of_its_bytes_is_read_and_its_sources_are_addresses() -> None:
    year = calendars.parse(b"\xef\xbb\xbf" + told())
    assert year.sources == ["https://www.gov.cn/zhengce/2027.htm"]
    assert year.days == {dt.date(2027, 1, 1): Special("元旦", is_off=True)}


def test_year_2026_is_there_after_installing(world: World) -> None:
    known = calendars.workdays(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert "国庆" in known.holiday_on(dt.date(2026, 10, 1))
    assert known.knows(dt.date(2026, 5, 1))
    assert not known.knows(dt.date(2027, 5, 1))


def test_loading_replaces_the_year_and_is_written_down(world: World) -> None:
    calendars.load(calendars.parse(told()), actor=world.administrator)
    moved = calendars.parse(told(days=[NEW_YEAR | {"date": "2027-01-04"}]))
    assert [(one.day.day, one.was is None) for one in calendars.differences(moved)] == [(1, False), (4, True)]
    year = calendars.load(moved, actor=world.administrator)
    assert [str(day) for day in year.days.all()] == ["2027-01-04 元旦"]
    entry = AuditEntry.objects.latest("id")
    assert (entry.deed, entry.actor, entry.changes["changed"]) == (Deed.IMPORT, world.administrator, 2)


def test_days_before_new_year_may_stand_in_the_next_years_file(world: World) -> None:
    SpecialDay.objects.create(
        year=CalendarYear.objects.get(year=2026), day=dt.date(2026, 12, 31), name="旧", is_off=True
    )
    calendars.load(calendars.parse(told(days=[NEW_YEAR | {"date": "2026-12-31"}])), actor=world.administrator)
    assert SpecialDay.objects.get(day=dt.date(2026, 12, 31)).year.year == 2027


def test_verb_refuses_who_may_not_load(world: World) -> None:
    with pytest.raises(RuleError) as refused:
        calendars.load(calendars.parse(told()), actor=world.reviewer)
    assert refused.value.code == "not_yours"


def test_year_is_looked_at_first_and_loaded_on_the_second_click(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.administrator)
    assert client.get(LOAD).status_code == 200
    page = hand_in(client, told())
    assert page.status_code == 200
    assert not CalendarYear.objects.filter(year=2027).exists()
    assert 'data-day="2027-01-01"' in page.content.decode()
    answer = client.post(LOAD, {"told": page.context["told"], "load": "1"})
    assert answer.status_code == 302
    assert SpecialDay.objects.filter(year__year=2027).count() == 1
    assert client.get("/admin/campaigns/calendaryear/").status_code == 200


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"{}", told(days=[{}])])
def test_wrong_file_comes_back_with_its_reason(world: World, sign_in: SignIn, raw: bytes) -> None:
    answer = hand_in(sign_in(world.administrator), raw, load="1")
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_reviewer_loads_no_calendar(world: World, sign_in: SignIn) -> None:
    assert hand_in(sign_in(world.reviewer), told(), load="1").status_code == 403


def test_page_tells_why_each_date_is_what_it_is(world: World, sign_in: SignIn) -> None:
    due = coming(world.campaign, now=timezone.now())[0].planned_due_on
    assert due is not None
    calendars.load(
        calendars.Published(due.year, [], {due: Special("校庆日", is_off=True)}), actor=world.administrator
    )
    html = sign_in(world.liaison).get(PERIODS).content.decode()
    assert "校庆日" in html
    assert html.count("aria-current") >= 1


def test_page_says_where_a_year_has_no_calendar(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.leader)
    CalendarYear.objects.all().delete()
    assert "data-unknown-years" in client.get(PERIODS).content.decode()


def test_page_costs_the_same_with_more_periods(
    world: World, sign_in: SignIn, django_assert_max_num_queries: object
) -> None:
    client = sign_in(world.liaison)
    client.get(PERIODS)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        assert client.get(PERIODS).status_code == 200


def test_page_is_refused_to_who_holds_no_role(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.newcomer).get(PERIODS).status_code == 403
