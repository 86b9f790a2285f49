"""What the form of a record refuses, and what happens when it is sent twice or too late."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from reports.records import workflow
from reports.records.models import ActivityRecord
from tests.personas import World
from tests.reports.record_forms import CREATE, SignIn, codes, typed
from units.accounts import appoint
from units.roles import LIAISON

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


def test_c68_hidden_characters_never_reach_the_database(world: World, sign_in: SignIn) -> None:
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


def test_a_new_form_with_a_version_that_never_was_is_stored(world: World, sign_in: SignIn) -> None:
    assert sign_in(world.liaison).post(CREATE, typed(world, version="2")).status_code == 302
    assert ActivityRecord.objects.get().status == "submitted"


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


def test_c19_approved_record_cannot_be_changed_by_its_author(world: World, sign_in: SignIn) -> None:
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
