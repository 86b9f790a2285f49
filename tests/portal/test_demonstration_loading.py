"""Loading the demonstration: at any moment the same way, into an empty embedded database and no other."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction

from portal.demonstration.accounts import password_file, sign_in_names
from portal.demonstration.loading import ensure_demonstration, load_demonstration
from reports.campaigns.models import Campaign
from reports.records.models import ActivityRecord, Transition
from reports.records.states import Status
from reports.weekly.models import WeeklyReport
from tests.personas import World
from tests.portal.history import WEDNESDAY, snapshot
from units.models import Account

pytestmark = pytest.mark.django_db

# A Monday morning and the last minute of a week, in Shanghai; and across the year.
MOMENTS = ["2026-11-23T08:30", "2026-11-29T23:59", "2027-01-01T10:00"]


@pytest.fixture(autouse=True)
def embedded(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demonstration take this database for the embedded one, whichever engine runs the tests."""
    settings.IS_SERVER, settings.VAR_DIR = False, tmp_path
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_status_is_there_weeks_end_in_the_current_one_and_nothing_lies_ahead(moment: str) -> None:
    now = dt.datetime.fromisoformat(f"{moment}+08:00")
    load_demonstration(now=now)
    campaign = Campaign.objects.get()
    weeks = list(campaign.periods.weekly().order_by("number"))
    assert len(weeks) == 10
    assert weeks[-1].starts_on <= now.date() <= weeks[-1].ends_on
    assert set(ActivityRecord.objects.values_list("status", flat=True)) == {status.value for status in Status}
    assert all(ActivityRecord.objects.filter(period=week).exists() for week in weeks)
    shown = ActivityRecord.objects.filter(unit__code="XX01")
    assert {"draft", "submitted", "returned"} <= set(shown.values_list("status", flat=True))

    assert not ActivityRecord.objects.filter(held_on__gt=now.date()).exists()
    assert not Transition.objects.filter(at__gt=now).exists()
    assert not WeeklyReport.objects.filter(filed_at__gt=now).exists()


def test_same_moment_gives_the_same_history() -> None:
    histories = []
    for _time in range(2):
        before = transaction.savepoint()
        load_demonstration(now=WEDNESDAY)
        histories.append(snapshot())
        transaction.savepoint_rollback(before)
    assert histories[0] == histories[1]
    assert len(histories[0][0]) > 400


def test_password_from_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    password_file().write_text("of an older database")
    monkeypatch.setenv("DEMO_PASSWORD", "a given pass phrase")
    load_demonstration(now=WEDNESDAY)
    assert {one.password for one in sign_in_names()} == {"a given pass phrase"}
    assert Account.objects.get(username="leader").check_password("a given pass phrase")


def test_server_database_gets_none_unless_forced(settings: LazySettings) -> None:
    settings.IS_SERVER = True
    ensure_demonstration()
    with pytest.raises(CommandError):
        call_command("demonstration")
    assert not Account.objects.exists()
    assert not password_file().exists()
    call_command("demonstration", "--force", stdout=StringIO())
    assert Account.objects.exists()


def test_database_with_units_is_left_alone(world: World) -> None:
    ensure_demonstration()
    out = StringIO()
    call_command("demonstration", stdout=out)
    assert Campaign.objects.get() == world.campaign
    assert out.getvalue().strip()
    assert sign_in_names() == []


def test_empty_database_is_loaded_by_the_launchers_door() -> None:
    ensure_demonstration()
    assert Campaign.objects.get().periods.weekly().count() == 10
