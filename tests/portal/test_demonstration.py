"""The demonstration: complete, true in its figures, the same every time, and never by accident."""

from __future__ import annotations

import datetime as dt
import stat
from collections import Counter, defaultdict
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import HttpRequest
from django.test import Client

from portal.demonstration.accounts import SHOWN, password_file, sign_in_names
from portal.demonstration.loading import ensure_demonstration, load_demonstration
from reports.campaigns.models import RECORDS, Campaign
from reports.records.content import Content, gaps
from reports.records.counting import count_all
from reports.records.models import ActivityRecord, Transition
from reports.records.states import TABLE, Status, Verb
from reports.statistics.reading import by_unit, by_week, so_far
from reports.statistics.verifying import verify
from reports.weekly.models import Standing, WeeklyReport
from tests.personas import World
from units import scope
from units.models import Account, AuditEntry, Team, Unit

pytestmark = pytest.mark.django_db

# A Monday morning, a Wednesday noon and the last minute of a week, in Shanghai; and across the year.
MOMENTS = ["2026-11-23T08:30", "2026-11-25T12:00", "2026-11-29T23:59", "2027-01-01T10:00"]
WEDNESDAY = dt.datetime.fromisoformat("2026-11-25T12:00+08:00")


@pytest.fixture(autouse=True)
def embedded(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demonstration take this database for the embedded one, whichever engine runs the tests."""
    settings.IS_SERVER, settings.VAR_DIR = False, tmp_path
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)


@pytest.fixture
def loaded() -> Campaign:
    """Return the demonstration's campaign, loaded on a Wednesday."""
    load_demonstration(now=WEDNESDAY)
    return Campaign.objects.get()


def snapshot() -> list[object]:
    """Return what is stored, without numbers of rows and secrets."""
    records = ActivityRecord.objects.order_by("key").values_list(
        "key", "unit__code", "held_on", "title", "values", "status", "version", "submitted_at", "decided_at"
    )
    reports = WeeklyReport.objects.order_by("unit__code", "period__number").values_list(
        "unit__code", "period__number", "is_zero", "filed_at", "progress"
    )
    accounts = Account.objects.order_by("username").values_list("username", "name", "email")
    return [list(records), list(reports), list(accounts), AuditEntry.objects.count()]


def test_units_and_teams_are_those_of_the_case(loaded: Campaign) -> None:
    kinds = Counter(Unit.objects.values_list("kind__code", flat=True))
    assert kinds == {
        "bureau": 1,
        "office": 8,
        "affiliated": 12,
        "private_university": 5,
        "school": 24,
        "international_college": 1,
    }
    covered = Counter(Team.objects.values_list("coverage__unit__code", flat=True))
    assert Team.objects.filter(kind=Team.Kind.PATROL).count() == 5
    assert set(covered) == set(Unit.objects.reporting().values_list("code", flat=True))
    assert set(covered.values()) == {1}


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


def test_reports_stand_in_every_way(loaded: Campaign) -> None:
    reports = WeeklyReport.objects.select_related("period")
    assert {report.standing(WEDNESDAY) for report in reports} == set(Standing)
    by_key = Counter(ActivityRecord.objects.values_list("unit_id", "period_id"))
    assert not [report for report in reports if report.is_zero and by_key[report.unit_id, report.period_id]]


def test_statistics_equal_a_count_by_hand(loaded: Campaign) -> None:
    bureau = Unit.objects.get(parent=None)
    weekly: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for record in ActivityRecord.objects.filter(status="approved"):
        weekly[record.period_id].update({RECORDS: 1, **record.values})
    found = by_week(loaded, [bureau], today=WEDNESDAY.date())
    for week in found:
        assert week.totals.values == {code: n for code, n in weekly[week.period.pk].items() if n}
    total = sum(weekly.values(), Counter[str]())
    assert so_far(loaded, [bureau]).values == dict(total)
    assert verify(loaded, count_all(loaded)) == []
    lines = by_unit(found[-2].period, Unit.objects.reporting())
    assert sum(line.totals.n_records or 0 for line in lines) == weekly[found[-2].period.pk][RECORDS]


def test_rows_are_those_that_the_verbs_leave(loaded: Campaign) -> None:
    steps: defaultdict[int, list[Transition]] = defaultdict(list)
    for step in Transition.objects.order_by("record", "version"):
        steps[step.record_id].append(step)
    for record in ActivityRecord.objects.all():
        own = steps[record.pk]
        assert [step.version for step in own] == list(range(1, record.version + 1))
        assert (own[0].from_status, own[0].to_status) == ("", "draft")
        for before, step in pairwise(own):
            assert before.at <= step.at
            assert step.from_status == before.to_status
            assert TABLE[Verb(step.verb)][Status(step.from_status)] == step.to_status
        assert own[-1].to_status == record.status
    n_entries = AuditEntry.objects.filter(object_type="records.activityrecord").count()
    assert n_entries == Transition.objects.count()


def test_every_record_would_pass_the_form(loaded: Campaign) -> None:
    rows = ActivityRecord.objects.select_related("activity_type", "period", "unit")
    for record in rows.prefetch_related("activity_type__indicators"):
        asked = record.activity_type.indicators.all()
        assert gaps(Content.of(record), asked, today=WEDNESDAY.date()) == []
        assert set(record.values) <= {indicator.code for indicator in asked}
        assert record.period.starts_on <= record.held_on <= record.period.ends_on
        assert record.unit.is_open_on(record.held_on)


def test_nobody_decides_on_their_own_record(loaded: Campaign) -> None:
    decided = ActivityRecord.objects.exclude(decided_by=None).select_related("decided_by", "submitted_by")
    assert decided
    reviewers = {account.pk for account in scope.grantees(scope.REVIEW)}
    assert all(record.decided_by_id != record.submitted_by_id for record in decided)
    assert {record.decided_by_id for record in decided} <= reviewers


def test_loading_twice_changes_nothing(loaded: Campaign) -> None:
    before, out = snapshot(), StringIO()
    call_command("demonstration", stdout=out)
    ensure_demonstration()
    assert snapshot() == before
    assert out.getvalue().strip()


def test_same_moment_gives_the_same_history() -> None:
    histories = []
    for _time in range(2):
        before = transaction.savepoint()
        load_demonstration(now=WEDNESDAY)
        histories.append(snapshot())
        transaction.savepoint_rollback(before)
    assert histories[0] == histories[1]
    assert len(histories[0][0]) > 400


def test_passwords_open_every_shown_account(loaded: Campaign) -> None:
    shown = sign_in_names()
    assert [one.username for one in shown] == list(SHOWN)
    assert len({one.password for one in shown}) == 1
    assert len(shown[0].password) >= 12
    for one in shown:
        assert Client().login(request=HttpRequest(), username=one.username, password=one.password)


def test_password_is_kept_for_its_owner_alone(loaded: Campaign) -> None:
    assert stat.S_IMODE(password_file().stat().st_mode) == 0o600


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
