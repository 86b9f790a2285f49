"""The pages of records: list, choice of type, form, detail, and the steps behind their buttons."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reports.records import workflow
from reports.records.models import ActivityRecord
from tests.personas import World
from tests.reports.record_forms import CREATE, SignIn, codes, pages, typed
from units.accounts import appoint
from units.roles import LIAISON

MOST_QUERIES = 20


def test_liaison_records_and_submits_in_one_go(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    response = browser.post(CREATE, typed(world))
    record = ActivityRecord.objects.get()
    assert response.headers["Location"] == reverse("records:record-detail", args=[record.pk])
    assert (record.status, record.unit, record.author) == ("submitted", world.school, world.liaison)
    assert record.values == {"sessions": 1, "onsite": 120, "online": 300}


def test_draft_may_be_incomplete(world: World, sign_in: SignIn) -> None:
    form = typed(world, title="", value_sessions="", value_onsite="", deed="save")
    assert sign_in(world.liaison).post(CREATE, form).status_code == 302
    assert ActivityRecord.objects.get().status == "draft"


def test_returned_record_is_corrected_and_handed_in_again(world: World, sign_in: SignIn) -> None:
    record = workflow.send_back(world.submitted(), actor=world.reviewer, note="人次与照片不符")
    browser = sign_in(world.liaison)
    edit = reverse("records:record-edit", args=[record.pk])
    assert browser.get(edit).context["reason"].note == "人次与照片不符"
    form = typed(world, key=str(record.key), version=str(record.version), value_onsite="90")
    assert browser.post(edit, form).status_code == 302
    record.refresh_from_db()
    assert (record.status, record.values["onsite"]) == ("submitted", 90)
    steps = browser.get(reverse("records:record-detail", args=[record.pk])).context["steps"]
    assert [step.verb for step in steps] == ["submit", "return", "submit"]


def test_submit_and_void_behind_the_buttons(world: World, sign_in: SignIn) -> None:
    browser, first, second = sign_in(world.liaison), world.draft(), world.draft()
    for name, record, status in [("submit", first, "submitted"), ("void", second, "void")]:
        address = reverse(f"records:record-{name}", args=[record.pk])
        assert browser.post(address, {"version": record.version, "note": "误报"}).status_code == 302
        record.refresh_from_db()
        assert record.status == status


def test_incomplete_record_leads_from_the_button_to_what_is_missing(world: World, sign_in: SignIn) -> None:
    browser, record = sign_in(world.liaison), world.draft(title="")
    address = reverse("records:record-submit", args=[record.pk])
    response = browser.post(address, {"version": record.version}, follow=True)
    assert response.redirect_chain[0][0].startswith(reverse("records:record-edit", args=[record.pk]))
    assert codes(response, "title") == ["required"]


def test_types_stand_in_the_order_of_use(world: World, sign_in: SignIn) -> None:
    rare = world.campaign.types.create(code="rare", name="调研", position=0)
    world.campaign.types.filter(pk=world.lecture.pk).update(position=1)
    browser = sign_in(world.liaison)
    assert browser.get("/records/new/").context["tiles"][0].activity_type == rare
    world.draft()
    assert browser.get("/records/new/").context["tiles"][0].activity_type == world.lecture


def test_copy_takes_the_texts_and_leaves_day_and_numbers(world: World, sign_in: SignIn) -> None:
    record = world.approved(held_on=world.today - dt.timedelta(days=7))
    form = sign_in(world.liaison).get(f"{CREATE}?copy={record.pk}").context["form"]
    assert form.initial["title"] == record.title
    assert form.initial["held_on"] == world.today
    assert "value_onsite" not in form.initial
    assert form["value_onsite"].help_text


def test_list_narrows_down_by_status_type_and_week(world: World, sign_in: SignIn) -> None:
    draft, submitted = world.draft(), world.submitted(held_on=world.today - dt.timedelta(days=7))
    browser = sign_in(world.liaison)

    def listed(query: str) -> list[ActivityRecord]:
        return list(browser.get(f"/records/?{query}").context["page"].records)

    assert listed("") == [draft, submitted]
    assert listed("status=draft") == [draft]
    assert listed(f"week={submitted.period.number}") == [submitted]
    assert listed("type=lecture") == [draft, submitted]
    assert listed("status=approved") == []
    assert listed("status=nonsense&week=abc&type=%00&page=zzz") == [draft, submitted]


@pytest.mark.parametrize("name", ["detail", "edit", "submit", "void"])
def test_stranger_meets_the_same_page_as_for_a_missing_record(
    world: World, sign_in: SignIn, name: str
) -> None:
    browser, record = sign_in(world.stranger), world.draft()
    send = browser.post if name in {"submit", "void"} else browser.get
    foreign, missing = (send(reverse(f"records:record-{name}", args=[pk])) for pk in (record.pk, 10**9))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.templates[0].name == missing.templates[0].name == "404.html"


def test_stranger_may_not_copy_or_report_for_another_unit(world: World, sign_in: SignIn) -> None:
    browser, record = sign_in(world.stranger), world.approved()
    assert browser.get(f"{CREATE}?copy={record.pk}").status_code == 404
    for wanted in (world.school.pk, "x", 10**12):
        assert browser.post(f"{CREATE}?unit={wanted}", typed(world)).status_code == 404
    assert ActivityRecord.objects.count() == 1


@pytest.mark.parametrize("who", ["head", "reviewer", "leader", "team_member"])
def test_colleague_reads_and_does_not_write(world: World, sign_in: SignIn, who: str) -> None:
    record, browser = world.submitted(), sign_in(getattr(world, who))
    assert browser.get("/records/").status_code == 200
    assert browser.get(reverse("records:record-detail", args=[record.pk])).status_code == 200
    assert browser.get(reverse("records:record-edit", args=[record.pk])).status_code == 403
    assert browser.get("/records/new/").status_code == 403
    assert browser.post(CREATE, typed(world)).status_code == 403
    for name in ("submit", "void"):
        assert browser.post(reverse(f"records:record-{name}", args=[record.pk])).status_code == 403


def test_c25_draft_is_seen_by_its_own_unit_alone(world: World, sign_in: SignIn) -> None:
    address = reverse("records:record-detail", args=[world.draft().pk])
    seen = {
        who: sign_in(getattr(world, who)).get(address).status_code for who in ("head", "reviewer", "leader")
    }
    assert seen == {"head": 200, "reviewer": 404, "leader": 404}


def test_person_without_a_role_has_no_records(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.newcomer)
    assert browser.get("/records/").status_code == 403
    assert browser.get("/records/new/").status_code == 403


@pytest.mark.parametrize("name", ["submit", "void"])
def test_steps_are_posted(world: World, sign_in: SignIn, name: str) -> None:
    address = reverse(f"records:record-{name}", args=[world.draft().pk])
    assert sign_in(world.liaison).get(address).status_code == 405


def test_c18_fields_of_the_system_cannot_be_forged(world: World, sign_in: SignIn) -> None:
    forged = {
        "unit": str(world.other_school.pk),
        "status": "approved",
        "author": str(world.stranger.pk),
        "period": "1",
        "values": "{}",
        "value_secret": "7",
        "decided_by": str(world.liaison.pk),
    }
    sign_in(world.liaison).post(CREATE, typed(world, deed="save") | forged)
    record = ActivityRecord.objects.get()
    assert (record.unit, record.status, record.author) == (world.school, "draft", world.liaison)
    assert "secret" not in record.values
    assert record.decided_by is None


def test_liaison_of_two_units_picks_one(world: World, sign_in: SignIn) -> None:
    appoint(world.liaison, LIAISON, actor=None, unit=world.other_school)
    browser = sign_in(world.liaison)
    assert browser.get("/records/new/").context["desk"].unit == world.school
    browser.post(f"{CREATE}?unit={world.other_school.pk}", typed(world))
    assert ActivityRecord.objects.get().unit == world.other_school


def test_list_costs_the_same_for_one_record_and_for_many(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(25):
        world.draft()
    browser = sign_in(world.liaison)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert len(browser.get("/records/").context["page"].records) == 20


@pytest.mark.parametrize("name", ["detail", "edit", "new", "create"])
def test_pages_stay_within_their_queries(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    record = workflow.send_back(world.submitted(), actor=world.reviewer, note="请补充")
    address = dict(zip(["detail", "edit"], pages(record), strict=True)) | {
        "new": "/records/new/",
        "create": CREATE,
    }
    browser = sign_in(world.liaison)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert browser.get(address[name]).status_code == 200
