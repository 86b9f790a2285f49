"""Fixtures for every test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from celery import current_app
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from reports.records.counting import count
from reports.statistics.tallying import stale_campaign_ids, tally
from tests.personas import World
from tests.portal.identity_steps import browser_of
from tests.worlds import fresh_world
from units.models import Account

# How long an example takes says how busy the machine is, and nothing about the rule.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give back the rows of the migrations after every test that commits.

    One test that restores them and one that does not cannot follow each other in one database.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        if "transactional_db" in getattr(item, "fixturenames", ()) and marker is None:
            raise pytest.UsageError(f"{item.nodeid}: say django_db(transaction=True) instead of the fixture")
        if marker is not None and marker.kwargs.get("transaction"):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many cases the tests went through that count them."""
    counted: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, number in report.user_properties:
            if name == "cases":
                counted[report.nodeid.split("[")[0]] += int(str(number))
    for test, number in counted.items():
        terminalreporter.write_line(f"{number:>8,} cases: {test}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put the tests' SQLite into a file, as the portal has it; let PostgreSQL not wait for the disk.

    In memory all threads share one connection, and two requests of a browser at once break its transaction.
    """
    if connection.vendor == "postgresql":
        # Nothing of a test has to outlive a power cut.
        connection.settings_dict["OPTIONS"]["options"] += " -c synchronous_commit=off"
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)


@pytest.fixture(autouse=True)
def quiet_world(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """Keep every test off the network and the disk: fast passwords, local mail and cache, no broker.

    Yields the names of the tasks that were rung for.
    """
    rung: list[str] = []
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "units.first_passwords.FirstPasswordHasher",
    ]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path
    settings.AUDIT_ANCHOR = tmp_path / "audit-seals.log"
    # Every client of a test would read all static files first, which took a third of the suite's time.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.SECURE_SSL_REDIRECT = False
    settings.REQUIRE_SECOND_FACTOR = "none"
    monkeypatch.setattr(current_app, "send_task", lambda name, *args, **kwargs: rung.append(name))
    yield rung
    cache.clear()


@pytest.fixture
def world(db: None) -> World:
    """Return the small world of personas.py."""
    return fresh_world()


@pytest.fixture
def sign_in() -> Callable[[Account], Client]:
    """Return a function that gives a signed-in browser for a person."""
    return browser_of


@pytest.fixture
def run_tally() -> Callable[[], None]:
    """Return a function that works off all marks, as the background task does."""

    def run() -> None:
        for campaign_id in stale_campaign_ids():
            while tally(campaign_id, count=count):
                pass

    return run
