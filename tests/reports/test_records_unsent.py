"""Nothing that a person typed is lost: unsent forms are kept, opened again, and never official."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from reports.records import keeping, workflow
from reports.records.models import ActivityRecord, Transition, WorkingCopy
from reports.records.typed import Typed
from tests.personas import World
from tests.reports.record_forms import CREATE, SignIn
from tests.reports.unsent_forms import keep, tab_form
from units.models import AuditEntry

MOST_QUERIES = 22


def test_what_is_typed_is_kept_as_typed_and_comes_back(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    form = tab_form(world, value_onsite="一百", held_on="昨天", title="没写完的")
    answer = json.loads(keep(browser, world.liaison, form).content)
    copy = WorkingCopy.objects.get()
    assert (answer["id"], answer["others"], copy.first("value_onsite")) == (copy.pk, 0, "一百")
    response = browser.get(CREATE)
    page = response.content.decode()
    assert response.context["copy"] == copy
    assert str(response.context["form"]["key"].value()) == form["key"]
    for typed_in in ('value="一百"', 'value="昨天"', "没写完的", "面向全体教师。"):
        assert typed_in in page


def test_keeping_is_no_deed(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    n_rows = AuditEntry.objects.count()
    keep(browser, world.liaison, tab_form(world))
    assert not ActivityRecord.objects.exists()
    assert AuditEntry.objects.count() == n_rows


def test_a_stored_form_leaves_nothing_behind(world: World, sign_in: SignIn) -> None:
    browser, form = sign_in(world.liaison), tab_form(world)
    keep(browser, world.liaison, form)
    keep(browser, world.liaison, form | {"tab": str(uuid.uuid4())})
    assert browser.post(CREATE, form).status_code == 302
    assert not WorkingCopy.objects.exists()
    # A save that was still on its way finds the form stored.
    late = json.loads(keep(browser, world.liaison, form, sequence=9).content)
    assert late["id"] is None
    assert not WorkingCopy.objects.exists()


def test_a_save_that_was_overtaken_changes_nothing(world: World, sign_in: SignIn) -> None:
    browser, form = sign_in(world.liaison), tab_form(world)
    keep(browser, world.liaison, form | {"title": "后写"}, sequence=20)
    answer = json.loads(keep(browser, world.liaison, form | {"title": "先写"}, sequence=10).content)
    assert answer["sequence"] == 20
    assert WorkingCopy.objects.get().first("title") == "后写"


def test_two_tabs_keep_both_and_each_can_be_opened_or_dropped(world: World, sign_in: SignIn) -> None:
    browser, form = sign_in(world.liaison), tab_form(world, title="甲")
    keep(browser, world.liaison, form)
    other = form | {"tab": str(uuid.uuid4()), "title": "乙"}
    assert json.loads(keep(browser, world.liaison, other).content)["others"] == 1
    first, second = WorkingCopy.objects.order_by("pk")
    page = browser.get(CREATE)
    assert page.context["copy"] == second
    assert f'data-unsent="{first.pk}"' in page.content.decode()
    opened = browser.get(reverse("records:typed-open", args=[first.pk]), follow=True)
    assert opened.context["form"]["title"].value() == "甲"
    browser.post(reverse("records:typed-drop", args=[second.pk]))
    assert list(WorkingCopy.objects.all()) == [first]


def test_a_tab_that_takes_a_copy_up_replaces_it_unless_it_has_gone_on(world: World, sign_in: SignIn) -> None:
    browser, form = sign_in(world.liaison), tab_form(world)
    keep(browser, world.liaison, form)
    seen = keeping.taken_up(WorkingCopy.objects.get())
    taken = form | {"tab": str(uuid.uuid4()), "taken_up": seen, "title": "接着写"}
    keep(browser, world.liaison, taken)
    assert WorkingCopy.objects.get().first("title") == "接着写"
    keep(browser, world.liaison, form | {"title": "另一个还在写"}, sequence=2)
    assert WorkingCopy.objects.count() == 2


@pytest.mark.parametrize("deed", ["save", "submit"])
def test_the_second_tab_that_sends_meets_what_the_first_has_stored(
    world: World, sign_in: SignIn, deed: str
) -> None:
    browser, form = sign_in(world.liaison), tab_form(world, deed=deed, title="甲")
    browser.post(CREATE, form)
    other = form | {"tab": str(uuid.uuid4()), "title": "乙"}
    answer = browser.post(CREATE, other)
    assert answer.status_code == 409
    assert (answer.context["stored"].title, answer.context["form"]["title"].value()) == ("甲", "乙")
    assert WorkingCopy.objects.get().first("title") == "乙"
    if deed == "save":
        again = other | {"version": answer.context["form"]["version"].value()}
        assert browser.post(CREATE, again).status_code == 302
        assert ActivityRecord.objects.get().title == "乙"
        assert not WorkingCopy.objects.exists()


def test_a_copy_of_a_record_that_has_moved_on_comes_back_beside_it(world: World, sign_in: SignIn) -> None:
    browser, record = sign_in(world.liaison), world.draft()
    keep(browser, world.liaison, tab_form(world, record, title="我的"))
    workflow.edit(record, world.content(title="同事的"), actor=world.liaison)
    page = browser.get(reverse("records:record-edit", args=[record.pk]))
    assert (page.context["stored"].title, page.context["form"]["title"].value()) == ("同事的", "我的")
    assert "同事的" in page.content.decode()
    fresh = browser.get(reverse("records:record-edit", args=[record.pk]) + "?fresh=1")
    assert fresh.context["form"]["title"].value() == "同事的"


def test_a_copy_of_a_record_in_review_is_shown_and_cannot_be_sent(world: World, sign_in: SignIn) -> None:
    browser, record = sign_in(world.liaison), world.draft()
    keep(browser, world.liaison, tab_form(world, record, title="我的"))
    workflow.submit(record, actor=world.liaison)
    page = browser.get(reverse("records:typed-open", args=[WorkingCopy.objects.get().pk]), follow=True)
    assert page.context["form"]["title"].value() == "我的"
    assert 'name="deed"' not in page.content.decode()


def test_a_copy_whose_form_has_made_its_record_leads_to_the_record(world: World, sign_in: SignIn) -> None:
    browser, form = sign_in(world.liaison), tab_form(world, deed="save")
    other = form | {"tab": str(uuid.uuid4()), "title": "乙"}
    keep(browser, world.liaison, other)
    browser.post(CREATE, form)
    copy, record = WorkingCopy.objects.get(), ActivityRecord.objects.get()
    opened = browser.get(reverse("records:typed-open", args=[copy.pk]))
    assert opened.headers["Location"].startswith(reverse("records:record-edit", args=[record.pk]))
    assert browser.get(opened.headers["Location"]).context["stored"] == record


def test_what_was_refused_is_kept_without_a_script(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    assert browser.post(CREATE, tab_form(world, value_onsite="abc")).status_code == 422
    assert browser.get(CREATE).context["form"]["value_onsite"].value() == "abc"


def test_c06_a_form_sent_in_an_ended_session_waits_behind_the_sign_in(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    session = browser.session
    session["seen_at"] = timezone.now().timestamp() - 31 * 60
    session.save()
    answer = browser.post(CREATE, tab_form(world, title="午饭前写的"))
    assert "/sign-in/" in answer.headers["Location"]
    assert not ActivityRecord.objects.exists()
    copy = WorkingCopy.objects.get()
    assert reverse("records:typed-open", args=[copy.pk]) in answer.headers["Location"]
    back = sign_in(world.liaison).get(reverse("records:typed-open", args=[copy.pk]), follow=True)
    assert back.context["form"]["title"].value() == "午饭前写的"


def test_start_page_lists_what_is_unsent_and_what_to_begin_with(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    keep(browser, world.liaison, tab_form(world, title="没写完的"))
    last_week = world.today - dt.timedelta(days=7)
    record = world.approved(held_on=last_week)
    work = browser.get("/").context["work"]
    assert [copy.first("title") for copy in work.unsent] == ["没写完的"]
    assert [tile.activity_type for tile in work.tiles] == [world.lecture]
    assert work.examples == [record]


def test_a_blank_form_is_not_worth_keeping(world: World, sign_in: SignIn) -> None:
    entries = ("title", "place", "text", "value_sessions", "value_onsite", "value_online", "deed")
    blank = dict.fromkeys(entries, "")
    answer = keep(sign_in(world.liaison), world.liaison, tab_form(world) | blank)
    assert json.loads(answer.content)["id"] is None
    assert not WorkingCopy.objects.exists()


def test_after_thirty_days_it_is_gone(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    for days in (29, 31):
        keep(browser, world.liaison, tab_form(world))
        newest = WorkingCopy.objects.latest("pk")
        WorkingCopy.objects.filter(pk=newest.pk).update(saved_at=timezone.now() - dt.timedelta(days=days))
    assert (keeping.expire(timezone.now()), WorkingCopy.objects.count()) == (1, 1)


def test_keeping_and_opening_stay_within_their_queries(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser, record = sign_in(world.liaison), world.draft()
    for _ in range(8):
        keep(browser, world.liaison, tab_form(world, record, title=str(uuid.uuid4())))
    with django_assert_max_num_queries(MOST_QUERIES):
        keep(browser, world.liaison, tab_form(world, record, title="再写"))
    for page in (CREATE, reverse("records:record-edit", args=[record.pk])):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert browser.get(page).status_code == 200


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=60), text=st.text(max_size=200), number=st.text(max_size=30))
def test_whatever_is_typed_comes_back_but_for_what_no_database_holds(
    world: World, title: str, text: str, number: str
) -> None:
    form = tab_form(world, title="甲" + title, text=text, value_onsite=number)
    typed = Typed.of({name: [value] for name, value in form.items()})
    kept = keeping.keep(typed, actor=world.liaison, sequence=1).copy
    assert kept is not None
    kept.refresh_from_db()
    for name in ("title", "text", "value_onsite"):
        cleaned = "".join(sign for sign in form[name] if sign != "\0" and not "\ud800" <= sign <= "\udfff")
        assert kept.first(name) == cleaned
    kept.delete()


def test_a_sequence_of_saves_never_touches_what_is_official(world: World) -> None:
    record = world.submitted()
    stored = ActivityRecord.objects.values().get(pk=record.pk)
    for sequence, title in enumerate(["一", "二", "三"], 1):
        typed = Typed.of({name: [value] for name, value in tab_form(world, record, title=title).items()})
        keeping.keep(typed, actor=world.liaison, sequence=sequence)
    assert ActivityRecord.objects.values().get(pk=record.pk) == stored
    assert Transition.objects.filter(record=record).count() == 2


def test_an_explanation_comes_back_with_its_box_or_without(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    world.lecture.indicators.filter(code="onsite").update(soft_maximum=100)
    form = tab_form(world, deed="submit", value_onsite="120")
    doubtful = browser.post(CREATE, form)
    [box] = doubtful.context["form"].reasons_at("value_onsite")
    keep(browser, world.liaison, form | {box.name: "外校教师也来了"}, sequence=2**52)
    assert browser.get(CREATE).context["form"][box.name].value() == "外校教师也来了"
    unread = form | {box.name: "外校教师也来了", "value_onsite": "一百二"}
    keep(browser, world.liaison, unread, sequence=2**52 + 1)
    assert f'type="hidden" name="{box.name}" value="外校教师也来了"' in browser.get(CREATE).content.decode()
