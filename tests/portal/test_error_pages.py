"""The pages for what went wrong, and what every page sends along."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.test import Client
from django.test.utils import override_settings

from portal import views
from tests.personas import World
from units.models import Account

SignIn = Callable[[Account], Client]


def test_missing_page_leads_back(world: World, sign_in: SignIn) -> None:
    response = sign_in(world.liaison).get("/nowhere/")
    assert response.status_code == 404
    assert 'href="/"' in response.content.decode()


def test_missing_page_says_nothing_to_who_has_not_signed_in(client: Client, db: None) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "person-menu" not in response.content.decode()


def test_failure_shows_the_number_that_the_log_holds(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(views, "work_of", fail)
    browser = sign_in(world.liaison)
    browser.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        response = browser.get("/")
    assert response.status_code == 500
    numbers = [
        record.getMessage().split()[1].rstrip(":")
        for record in caplog.records
        if record.name == "portal.errors"
    ]
    assert len(numbers) == 1
    assert str(numbers[0]) in response.content.decode()
    assert "the database is away" not in response.content.decode()


def test_form_without_a_token_changes_nothing_and_explains_itself(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.liaison, backend="django.contrib.auth.backends.ModelBackend")
    response = browser.post("/language/", {"language": "en"})
    assert response.status_code == 403
    assert response.templates[0].name == "403_csrf.html"
    world.liaison.refresh_from_db()
    assert world.liaison.language == "zh-hans"


@override_settings(ALLOWED_HOSTS=["portal.example"])
def test_unknown_host_is_refused_without_the_frame(client: Client, db: None) -> None:
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_names_its_language_and_holds_no_inline_code(
    world: World, sign_in: SignIn, language: str
) -> None:
    world.submitted()
    browser = sign_in(world.liaison)
    browser.post("/language/", {"language": language})
    response = browser.get("/")
    page = response.content.decode()
    assert f'<html lang="{"zh-CN" if language == "zh-hans" else language}">' in page
    assert "<style" not in page
    assert ' style="' not in page
    assert " onclick=" not in page
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
