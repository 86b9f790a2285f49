"""How long sessions last, how many there are, and what ends them (C06, C09, C10, C14, C48, C51)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.personas import PASSWORD, World
from tests.portal.identity_steps import NEW_PASSWORD, attempt, changes_of, is_in, signed_in
from units import standing
from units.models import Account, Deed

START = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


def after(**passed: float) -> time_machine.travel:
    """Stop the clock so long after the start."""
    return time_machine.travel(START + dt.timedelta(**passed), tick=False)


@pytest.fixture
def morning(world: World) -> Client:
    """Return a browser that was signed in at the start."""
    with after():
        return signed_in(world.liaison)


def test_c06_session_ends_after_30_minutes_without_a_click(morning: Client) -> None:
    with after(minutes=29):
        assert is_in(morning)
    with after(minutes=58):
        assert is_in(morning)
    with after(minutes=89):
        response = morning.get("/records/")
    assert response.headers["Location"] == "/sign-in/?next=/records/"
    assert changes_of(Deed.SESSION_END) == [{"why": "idle"}]


def test_c06_session_ends_after_12_hours_whatever_is_clicked(morning: Client) -> None:
    for n_half_hours in range(1, 25):
        with after(minutes=29 * n_half_hours):
            assert is_in(morning)
    with after(hours=12):
        assert not is_in(morning)
    assert changes_of(Deed.SESSION_END) == [{"why": "old"}]


def test_c06_ended_session_is_gone_from_the_database(morning: Client) -> None:
    key = morning.session.session_key
    with after(minutes=31):
        morning.get("/records/")
    assert not Session.objects.filter(session_key=key).exists()
    assert not UserSession.objects.filter(session_key=key).exists()


def test_clicks_within_a_minute_write_nothing(
    morning: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with after(seconds=50):
        before = morning.session["seen_at"]
        morning.get("/account/sessions/")
        assert morning.session["seen_at"] == before
    with after(seconds=70):
        morning.get("/account/sessions/")
        assert morning.session["seen_at"] == timezone.now().timestamp()
        assert UserSession.objects.get().last_seen_at == timezone.now()


def test_form_that_was_too_slow_leads_back_to_its_page(morning: Client) -> None:
    with after(minutes=40):
        response = morning.post(
            "/records/1/submit/", headers={"referer": "http://testserver/records/1/edit/?a=1"}
        )
    assert response.headers["Location"] == "/sign-in/?next=/records/1/edit/%3Fa%3D1"


@pytest.mark.parametrize("referer", ["https://evil.example/x", "//evil.example", "javascript:alert(1)", ""])
def test_forged_referer_leads_nowhere_else(client: Client, db: None, referer: str) -> None:
    response = client.post("/records/1/submit/", headers={"referer": referer})
    assert response.headers["Location"] == "/sign-in/?next=/"


def test_fragment_sends_the_whole_page_to_the_door(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/records/"}
    response = client.get("/statistics/", headers=headers)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == "/sign-in/?next=/records/"
    assert "Location" not in response.headers


def test_c14_fourth_session_ends_the_oldest(world: World) -> None:
    browsers = [signed_in(world.liaison) for _time in range(4)]
    assert [is_in(browser) for browser in browsers] == [False, True, True, True]
    assert [entry["why"] for entry in changes_of(Deed.SESSION_END)] == ["too many"]


def test_c14_limit_is_a_setting(world: World, settings: LazySettings) -> None:
    settings.SESSIONS_PER_ACCOUNT = 1
    first, second = signed_in(world.liaison), signed_in(world.liaison)
    assert [is_in(first), is_in(second)] == [False, True]


def test_c14_sessions_are_listed_and_ended_one_by_one(world: World) -> None:
    here, there = signed_in(world.liaison), signed_in(world.liaison)
    other = UserSession.objects.get(session_key=there.session.session_key)
    assert len(here.get("/account/sessions/").context["sessions"]) == 2
    assert here.post(f"/account/sessions/{other.pk}/end/").status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]


def test_c14_sessions_of_others_are_as_missing_as_missing_ones(world: World) -> None:
    here, stranger = signed_in(world.liaison), signed_in(world.stranger)
    foreign = UserSession.objects.get(user=world.stranger)
    own = UserSession.objects.get(user=world.liaison)
    for pk in (foreign.pk, own.pk, 10**9):
        assert here.post(f"/account/sessions/{pk}/end/").status_code == 404
    assert is_in(stranger)


def test_all_other_sessions_end_at_once(world: World) -> None:
    here, *others = (signed_in(world.liaison) for _time in range(3))
    assert here.post("/account/sessions/end-others/").status_code == 302
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_c09_changing_the_password_ends_all_other_sessions(world: World) -> None:
    here, there = signed_in(world.liaison), signed_in(world.liaison)
    change = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/account/password/", change).headers["Location"] == "/"
    assert [is_in(here), is_in(there)] == [True, False]
    assert UserSession.objects.filter(user=world.liaison).count() == 1
    assert changes_of(Deed.PASSWORD_CHANGE) == [{"way": "present password"}]


def test_c09_wrong_present_password_changes_nothing(world: World) -> None:
    here = signed_in(world.liaison)
    change = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/account/password/", change).status_code == 200
    assert Account.objects.get(pk=world.liaison.pk).check_password(PASSWORD)


def test_c09_c51_signing_out_kills_this_session_for_good_and_empties_the_store(world: World) -> None:
    elsewhere, browser = signed_in(world.liaison), signed_in(world.liaison)
    key = browser.session.session_key
    response = browser.post("/sign-out/")
    assert response.headers["Clear-Site-Data"] == '"cache"'
    revived = Client()
    revived.cookies["sessionid"] = str(key)
    assert not is_in(revived)
    assert is_in(elsewhere)
    assert UserSession.objects.get().session_key == elsewhere.session.session_key


def test_c10_closing_an_account_ends_its_sessions_at_the_next_request(world: World) -> None:
    here, there, colleague = signed_in(world.liaison), signed_in(world.liaison), signed_in(world.head)
    standing.disable(world.liaison, actor=world.administrator)
    assert [is_in(here), is_in(there), is_in(colleague)] == [False, False, True]


def test_c48_c51_pages_of_a_person_are_kept_nowhere(world: World) -> None:
    browser = signed_in(world.liaison)
    for path in ("/", "/account/security/", "/records/", "/no-such-page/"):
        assert "no-store" in browser.get(path).headers["Cache-Control"]


def test_c39_cookie_is_strict(client: Client, world: World) -> None:
    attempt(client, "liaison")
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"]
