"""The working-day calendar and what hangs on it: files, deadlines, typed dates, a new end, who takes part."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from reports.campaigns import calendars
from reports.campaigns.amending import amend
from reports.campaigns.models import CalendarYear, Campaign, Period, PlannedPeriod, SpecialDay
from reports.campaigns.opening import coming, ensure_periods
from reports.campaigns.taking_part import cover, taking_part
from reports.campaigns.workdays import Special
from reports.weekly.models import WeeklyReport
from reports.weekly.obligations import ensure_reports
from tests.personas import World
from tests.reports.record_forms import SignIn
from units.models import AuditEntry, Deed, UnitKind
from units.rules import RuleError

LOAD = "/admin/campaigns/calendaryear/load/"
PERIODS = "/periods/"
# What a browser leaves out of a form: boxes without a tick, and nothing at all.
UNSENT = {"None", "False", "[]"}
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


@pytest.fixture
def typed(world: World) -> Campaign:
    """Return a campaign whose dates are typed in."""
    first = world.today
    campaign = Campaign.objects.create(
        code="typed", name="专项", starts_on=first, ends_on=first + dt.timedelta(days=60), cadence="typed"
    )
    for start, end in ((0, 4), (10, 19)):
        PlannedPeriod.objects.create(
            campaign=campaign,
            starts_on=first + dt.timedelta(days=start),
            ends_on=first + dt.timedelta(days=end),
            due_on=first + dt.timedelta(days=end),
            closes_on=first + dt.timedelta(days=end + 3),
        )
    return campaign


def test_typed_periods_open_on_their_days_and_keep_their_dates(typed: Campaign) -> None:
    ensure_periods(typed, now=timezone.now())
    assert list(typed.periods.values_list("number", flat=True)) == [0, 1]
    assert [one.number for one in coming(typed, now=timezone.now())] == [2]
    PlannedPeriod.objects.filter(campaign=typed).update(due_on=typed.ends_on, closes_on=typed.ends_on)
    ensure_periods(typed, now=timezone.now() + dt.timedelta(days=11))
    due = [period.due_at.astimezone(typed.zone).date() for period in typed.periods.weekly()]
    assert due == [typed.starts_on + dt.timedelta(days=4), typed.ends_on]


@pytest.mark.parametrize(("start", "end"), [(3, 6), (-1, 5), (55, 70)])
def test_typed_period_that_overlaps_or_lies_outside_is_refused_at_the_field(
    typed: Campaign, start: int, end: int
) -> None:
    first = typed.starts_on
    row = PlannedPeriod(
        campaign=typed,
        starts_on=first + dt.timedelta(days=start),
        ends_on=first + dt.timedelta(days=end),
        due_on=first + dt.timedelta(days=end),
        closes_on=first + dt.timedelta(days=end),
    )
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert "starts_on" in refused.value.message_dict


def test_typed_period_begins_behind_what_has_opened(world: World) -> None:
    last = world.campaign.periods.order_by("-number").first()
    assert last is not None
    days = dict.fromkeys(("ends_on", "due_on", "closes_on"), last.ends_on + dt.timedelta(days=3))
    with pytest.raises(ValidationError) as refused:
        PlannedPeriod(campaign=world.campaign, starts_on=last.ends_on, **days).full_clean()
    assert "starts_on" in refused.value.message_dict
    PlannedPeriod(campaign=world.campaign, starts_on=last.ends_on + dt.timedelta(days=1), **days).full_clean()


def test_two_new_rows_that_overlap_are_refused_together(
    typed: Campaign, world: World, sign_in: SignIn
) -> None:
    client = sign_in(world.administrator)
    url = f"/admin/campaigns/campaign/{typed.pk}/change/"
    page = client.get(url)
    forms = [page.context["adminform"].form, page.context["inline_admin_formsets"][0].formset.management_form]
    sent = {
        form.add_prefix(name): form.get_initial_for_field(field, name)
        for form in forms
        for name, field in form.fields.items()
    }
    for number in (0, 1):
        first, last = (typed.starts_on + dt.timedelta(days=days) for days in (30 + number, 33))
        days = {"starts_on": first, "ends_on": last, "due_on": last, "closes_on": last}
        sent |= {f"planned_periods-{number}-{name}": day for name, day in days.items()}
    PlannedPeriod.objects.all().delete()
    sent |= {"planned_periods-TOTAL_FORMS": 2, "planned_periods-INITIAL_FORMS": 0}
    answer = client.post(url, {name: value for name, value in sent.items() if str(value) not in UNSENT})
    assert answer.status_code == 200
    assert answer.context["inline_admin_formsets"][0].formset.errors[1].keys() == {"starts_on"}
    assert not PlannedPeriod.objects.exists()


def test_who_joins_later_owes_nothing_from_before(world: World) -> None:
    cover(world.campaign, kinds=[], units=[world.school], actor=world.administrator)
    owed = WeeklyReport.objects.count()
    cover(world.campaign, kinds=[world.bureau.kind], units=[world.school], actor=world.administrator)
    for looks_back in (False, True):
        ensure_reports(world.campaign, now=timezone.now(), looks_back=looks_back)
    assert WeeklyReport.objects.count() == owed
    later = timezone.now() + dt.timedelta(days=7)
    ensure_periods(world.campaign, now=later)
    ensure_reports(world.campaign, now=later)
    units = WeeklyReport.objects.filter(period__number=world.period.number + 1).values_list("unit", flat=True)
    assert set(units) == {world.bureau.pk, world.school.pk}


def test_verb_refuses_who_may_not_change_a_campaign(world: World) -> None:
    with pytest.raises(RuleError) as refused:
        cover(world.campaign, kinds=[], units=[world.school], actor=world.reviewer)
    assert refused.value.code == "not_yours"


def test_planned_periods_are_typed_in_the_administration_until_they_open(
    typed: Campaign, world: World, sign_in: SignIn
) -> None:
    page = sign_in(world.administrator).get(f"/admin/campaigns/campaign/{typed.pk}/change/")
    forms = page.context["inline_admin_formsets"][0].formset.forms
    assert [form.fields["due_on"].disabled for form in forms] == [True, False]


def test_new_end_moves_the_whole_and_no_period_that_has_opened(world: World) -> None:
    campaign = world.campaign
    before = list(Period.objects.weekly().values())
    campaign.ends_on += dt.timedelta(days=30)
    amend(campaign, ["ends_on"], actor=world.administrator)
    whole = campaign.periods.get(number=0)
    assert whole.ends_on == campaign.ends_on
    assert list(Period.objects.weekly().values()) == before
    assert AuditEntry.objects.latest("id").changes["ends_on"][1] == campaign.ends_on.isoformat()


def test_campaign_does_not_end_before_a_period_that_has_opened(world: World) -> None:
    campaign = world.campaign
    campaign.ends_on = world.today - dt.timedelta(days=7)
    with pytest.raises(RuleError) as refused:
        amend(campaign, ["ends_on"], actor=world.administrator)
    assert refused.value.code == "ends_too_early"


def test_chosen_kinds_and_units_take_part_and_no_others(world: World) -> None:
    everybody = set(taking_part(world.campaign))
    assert {world.school, world.other_school} <= everybody
    kind = UnitKind.objects.get(code="bureau")
    cover(world.campaign, kinds=[kind], units=[world.school], actor=world.administrator)
    assert set(taking_part(world.campaign)) == {world.bureau, world.school}
    entry = AuditEntry.objects.latest("id")
    assert entry.changes == {"covered_kinds": [[], [kind.pk]], "covered_units": [[], [world.school.pk]]}
    cover(world.campaign, kinds=[kind], units=[world.school], actor=world.administrator)
    assert AuditEntry.objects.latest("id") == entry


def test_who_takes_part_is_chosen_in_the_administration(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.administrator)
    url = f"/admin/campaigns/campaign/{world.campaign.pk}/change/"
    form = client.get(url).context["adminform"].form
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent |= {"covered_units": [world.school.pk], "cadence": "monthly"}
    answer = client.post(url, {name: value for name, value in sent.items() if str(value) not in UNSENT})
    assert answer.status_code == 302
    world.campaign.refresh_from_db()
    assert world.campaign.cadence == "monthly"
    assert list(world.campaign.covered_units.all()) == [world.school]
