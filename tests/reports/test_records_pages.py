"""The pages of records: list, choice of type, form, detail, and the steps behind their buttons."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reports.records import workflow
from reports.records.models import ActivityRecord
from tests.personas import World
from units.accounts import appoint
from units.models import Account
from units.roles import LIAISON

SignIn = Callable[[Account], Client]
MOST_QUERIES = 20


def typed(world: World, **changed: str) -> dict[str, str]:
    """Return a complete form as a browser sends it."""
    form = {
        "key": str(uuid.uuid4()),
        "version": "",
        "title": "宣讲进校园",
        "held_on": world.today.isoformat(),
        "place": "报告厅",
        "text": "面向全体教师。",
        "value_sessions": "1",
        "value_onsite": "120",
        "value_online": "300",
        "deed": "submit",
    }
    return form | changed


CREATE = "/records/new/lecture/"


def codes(response: object, field: str) -> list[str]:
    """Return the codes of the errors at one field of the form on a page."""
    form = response.context["form"]  # type: ignore[attr-defined]
    return [error.code for error in form.errors.as_data().get(field, [])]


def pages(record: ActivityRecord) -> list[str]:
    """Return the pages of one record."""
    return [reverse(f"records:record-{name}", args=[record.pk]) for name in ("detail", "edit")]


# -- works ---------------------------------------------------------------------------------------


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
        return list(browser.get(f"/records/?{query}").context["page"])

    assert listed("") == [draft, submitted]
    assert listed("status=draft") == [draft]
    assert listed(f"week={submitted.period.number}") == [submitted]
    assert listed("type=lecture") == [draft, submitted]
    assert listed("status=approved") == []
    assert listed("status=nonsense&week=abc&type=%00&page=zzz") == [draft, submitted]


# -- strangers and roles ----------------------------------------------------------------------------


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


def test_draft_is_seen_by_its_own_unit_alone(world: World, sign_in: SignIn) -> None:
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


def test_fields_of_the_system_cannot_be_forged(world: World, sign_in: SignIn) -> None:
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


# -- bad input --------------------------------------------------------------------------------------

FAR = "2001-01-01"
BAD_INPUT = [
    ("title", "", "required"),
    ("title", "长" * 121, "max_length"),
    ("place", "长" * 121, "max_length"),
    ("text", "长" * 5001, "max_length"),
    ("held_on", "", "required"),
    ("held_on", "昨天", "invalid"),
    ("held_on", FAR, "outside_periods"),
    ("value_sessions", "", "required"),
    ("value_sessions", "0", "too_small"),
    ("value_onsite", "-1", "too_small"),
    ("value_onsite", "1000001", "too_large"),
    ("value_onsite", "abc", "not_a_number"),
    ("value_onsite", "十二", "not_a_number"),
    ("value_onsite", "1e5", "not_a_number"),
    ("value_onsite", "nan", "not_a_number"),
    ("value_onsite", "١٢", "not_a_number"),
    ("value_onsite", "12.5", "too_many_decimals"),
    ("value_onsite", "9" * 400, "too_long"),
]


@pytest.mark.parametrize(("field", "value", "code"), BAD_INPUT)
def test_bad_input_is_named_at_its_field_and_stays_typed(
    world: World, sign_in: SignIn, field: str, value: str, code: str
) -> None:
    response = sign_in(world.liaison).post(CREATE, typed(world, **{field: value}))
    assert response.status_code == 422
    assert codes(response, field) == [code]
    form = response.context["form"]
    assert form[field].value() == value
    assert form["text" if field != "text" else "title"].value()
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not ActivityRecord.objects.exists()


def test_future_day_is_refused_for_review_and_kept_as_a_draft(world: World, sign_in: SignIn) -> None:
    world.campaign.periods.filter(pk=world.period.pk).update(ends_on=world.today + dt.timedelta(days=9))
    tomorrow = (world.today + dt.timedelta(days=1)).isoformat()
    browser = sign_in(world.liaison)
    assert codes(browser.post(CREATE, typed(world, held_on=tomorrow)), "held_on") == ["future"]
    assert browser.post(CREATE, typed(world, held_on=tomorrow, deed="save")).status_code == 302


def test_closed_unit_is_named_at_the_day(world: World, sign_in: SignIn) -> None:
    appoint(world.liaison, LIAISON, actor=None, unit=world.closed_school)
    response = sign_in(world.liaison).post(f"{CREATE}?unit={world.closed_school.pk}", typed(world))
    assert response.status_code == 422
    assert codes(response, "held_on") == ["unit_inactive"]


@pytest.mark.parametrize("bad", ["value_onsite", "value_sessions"])
def test_draft_takes_no_nonsense_either(world: World, sign_in: SignIn, bad: str) -> None:
    response = sign_in(world.liaison).post(CREATE, typed(world, **{bad: "-3"}, deed="save"))
    assert codes(response, bad) == ["too_small"]


def test_everything_that_is_wrong_is_said_at_once(world: World, sign_in: SignIn) -> None:
    response = sign_in(world.liaison).post(
        CREATE, typed(world, title="", value_sessions="", value_onsite="x")
    )
    assert set(response.context["form"].errors) == {"title", "value_sessions", "value_onsite"}
    assert 'role="alert"' in response.content.decode()


def test_numbers_are_read_as_people_write_them(world: World, sign_in: SignIn) -> None:
    form = typed(world, value_onsite="１２０", value_online=" 1,300 ")
    sign_in(world.liaison).post(CREATE, form)
    assert ActivityRecord.objects.get().values == {"sessions": 1, "onsite": 120, "online": 1300}


def test_hidden_characters_never_reach_the_database(world: World, sign_in: SignIn) -> None:
    form = typed(
        world, title="宣\u202e讲\x07 e\u0301", text="一\r\n二\u2066", place="报\x00告厅", deed="save"
    )
    response = sign_in(world.liaison).post(CREATE, form)
    if response.status_code == 422:  # Django refuses NUL by itself
        form["place"] = "报告厅"
        sign_in(world.liaison).post(CREATE, form)
    record = ActivityRecord.objects.get()
    assert (record.title, record.text) == ("宣讲 é", "一\n二")


@pytest.mark.parametrize("key", ["", "no-uuid"])
def test_form_without_its_key_is_refused(world: World, sign_in: SignIn, key: str) -> None:
    assert sign_in(world.liaison).post(CREATE, typed(world, key=key)).status_code == 422


def test_unknown_and_retired_types_are_missing(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    assert browser.get("/records/new/unknown/").status_code == 404
    world.campaign.types.update(is_retired=True)
    assert browser.get(CREATE).status_code == 404


# -- twice, and too late ------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ["save", "submit"])
def test_same_form_twice_is_one_record_and_the_same_page(world: World, sign_in: SignIn, deed: str) -> None:
    browser, form = sign_in(world.liaison), typed(world, deed=deed)
    first, second = browser.post(CREATE, form), browser.post(CREATE, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert ActivityRecord.objects.count() == 1


def test_form_sent_again_from_the_former_page_changes_its_own_draft(world: World, sign_in: SignIn) -> None:
    browser, form = sign_in(world.liaison), typed(world, deed="save")
    browser.post(CREATE, form)
    browser.post(CREATE, form | {"title": "改过的标题", "deed": "submit"})
    record = ActivityRecord.objects.get()
    assert (record.title, record.status) == ("改过的标题", "submitted")


def test_form_whose_record_is_submitted_shows_both(world: World, sign_in: SignIn) -> None:
    browser, form = sign_in(world.liaison), typed(world)
    browser.post(CREATE, form)
    response = browser.post(CREATE, form | {"title": "另一个标题"})
    assert response.status_code == 409
    assert response.context["stored"].title == form["title"]
    assert response.context["form"]["title"].value() == "另一个标题"


def test_key_of_another_unit_makes_no_record_there(world: World, sign_in: SignIn) -> None:
    appoint(world.liaison, LIAISON, actor=None, unit=world.other_school)
    browser, form = sign_in(world.liaison), typed(world, deed="save")
    browser.post(CREATE, form)
    response = browser.post(f"{CREATE}?unit={world.other_school.pk}", form | {"title": "别处"})
    assert response.status_code == 422
    assert ActivityRecord.objects.get().title == form["title"]


def test_stale_version_answers_with_both_contents_and_then_lets_one_replace_the_other(
    world: World, sign_in: SignIn
) -> None:
    record, browser = world.draft(), sign_in(world.liaison)
    stale = typed(world, key=str(record.key), version=str(record.version), title="我的", deed="save")
    workflow.edit(record, world.content(title="同事的"), actor=world.liaison)
    edit = reverse("records:record-edit", args=[record.pk])
    response = browser.post(edit, stale)
    assert response.status_code == 409
    assert (response.context["form"]["title"].value(), response.context["stored"].title) == ("我的", "同事的")
    assert "同事的" in response.content.decode()
    again = stale | {"version": response.context["form"]["version"].value()}
    assert browser.post(edit, again).status_code == 302
    record.refresh_from_db()
    assert record.title == "我的"


def test_approved_record_cannot_be_changed_by_its_author(world: World, sign_in: SignIn) -> None:
    record, browser = world.approved(), sign_in(world.liaison)
    edit = reverse("records:record-edit", args=[record.pk])
    assert browser.get(edit).status_code == 302
    form = typed(world, version=str(record.version), title="事后改动", deed="save")
    assert browser.post(edit, form).status_code == 409
    for name in ("submit", "void"):
        response = browser.post(
            reverse(f"records:record-{name}", args=[record.pk]), {"version": record.version}
        )
        assert response.status_code == 409
        assert response.context["refused"].code == "wrong_state"
    record.refresh_from_db()
    assert (record.title, record.status) == ("宣讲进校园", "approved")


def test_button_pressed_twice_submits_once(world: World, sign_in: SignIn) -> None:
    record, browser = world.draft(), sign_in(world.liaison)
    address = reverse("records:record-submit", args=[record.pk])
    answers = [browser.post(address, {"version": record.version}).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert record.transitions.filter(verb="submit").count() == 1


def test_button_of_an_old_page_is_refused_with_the_page_as_it_is(world: World, sign_in: SignIn) -> None:
    record, browser = world.draft(), sign_in(world.liaison)
    workflow.edit(record, world.content(title="新"), actor=world.liaison)
    response = browser.post(reverse("records:record-void", args=[record.pk]), {"version": 1})
    assert response.status_code == 409
    assert response.context["refused"].code == "stale"


# -- cost ---------------------------------------------------------------------------------------------


def test_list_costs_the_same_for_one_record_and_for_many(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(25):
        world.draft()
    browser = sign_in(world.liaison)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert len(browser.get("/records/").context["page"]) == 20


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
