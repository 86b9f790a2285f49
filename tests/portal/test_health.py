"""Health: alive asks nobody; ready names what is not well."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal import health
from tests.personas import World
from units import heartbeat
from units.models import Mail


@pytest.fixture(autouse=True)
def broker_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the broker be well; the story test meets a real one."""
    monkeypatch.setitem(health.CHECKS, "broker", lambda: (True, None))


def test_alive_needs_no_database_and_no_account(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_the_clock_beats_and_nothing_waits(client: Client) -> None:
    heartbeat.beat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["failed"] == []


@pytest.mark.django_db
def test_silent_clock_is_not_ready(client: Client) -> None:
    assert client.get("/readyz").json()["failed"] == ["heartbeat"]
    cache.set(heartbeat.KEY, time.time() - 3600)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["heartbeat"]["seconds"] >= 3600


def test_old_mark_and_late_mail_are_named(client: Client, world: World) -> None:
    heartbeat.beat()
    world.approved()
    long_ago = timezone.now() - dt.timedelta(hours=2)
    world.campaign.stalecell_set.update(marked_at=long_ago)
    Mail.objects.create(
        key="k", address="a@example.org", subject="s", text="t", html="h", next_try_at=long_ago
    )
    assert client.get("/readyz").json()["failed"] == ["statistics", "mail"]


def test_mail_that_waits_for_its_next_try_is_well(client: Client, world: World) -> None:
    heartbeat.beat()
    later = timezone.now() + dt.timedelta(hours=2)
    Mail.objects.create(key="k", address="a@example.org", subject="s", text="t", html="h", next_try_at=later)
    assert client.get("/readyz").status_code == 200


def test_broker_that_is_away_is_named(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> health.Check:
        raise OSError("nobody there")

    heartbeat.beat()
    monkeypatch.setitem(health.CHECKS, "broker", away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["failed"]) == (503, ["broker"])
