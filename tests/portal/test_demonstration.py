"""The demonstration, loaded once: complete, true in its figures, with the rows that the verbs leave."""

from __future__ import annotations

import datetime as dt
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from portal.demonstration.accounts import SHOWN, password_file, sign_in_names
from portal.demonstration.loading import ensure_demonstration, load_demonstration
from reports.campaigns.models import RECORDS, Campaign
from reports.records.content import Content, gaps
from reports.records.counting import count_all
from reports.records.models import ActivityRecord, Transition
from reports.records.states import TABLE, Status, Verb
from reports.statistics.reading import by_unit, by_week, so_far
from reports.statistics.verifying import verify
from reports.weekly.models import ReportStep, Standing, Step, WeeklyReport
from tests.portal.history import WEDNESDAY, snapshot
from units import scope
from units.models import AuditEntry, Deed, Team, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Load the demonstration for this module, roll it back afterwards; yield the folder of its password."""
    folder = tmp_path_factory.mktemp("var")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(IS_SERVER=False, VAR_DIR=folder), pytest.MonkeyPatch.context() as patch:
            patch.delenv("DEMO_PASSWORD", raising=False)
            load_demonstration(now=WEDNESDAY)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def loaded(loaded_once: Path, db: None, settings: LazySettings) -> Campaign:
    """Return the campaign of the demonstration, loaded on a Wednesday."""
    settings.IS_SERVER, settings.VAR_DIR = False, loaded_once
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    return Campaign.objects.get()


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


def test_reports_stand_in_every_way(loaded: Campaign) -> None:
    reports = WeeklyReport.objects.select_related("period")
    assert {report.standing(WEDNESDAY) for report in reports} >= set(Standing) - {Standing.NOT_DUE}
    by_key = Counter(ActivityRecord.objects.values_list("unit_id", "period_id"))
    assert not [report for report in reports if report.is_zero and by_key[report.unit_id, report.period_id]]
    assert WeeklyReport.objects.asking().count() == 1
    [shown] = WeeklyReport.objects.filter(unit__accounts__username="liaison").exclude(returned_at=None)
    assert shown.is_open_at(WEDNESDAY)


def test_reports_have_the_steps_that_the_verbs_leave(loaded: Campaign) -> None:
    steps: defaultdict[int, list[ReportStep]] = defaultdict(list)
    for step in ReportStep.objects.order_by("report", "version"):
        steps[step.report_id].append(step)
    for report in WeeklyReport.objects.all():
        own = steps[report.pk]
        assert [step.version for step in own] == list(range(2, report.version + 1))
        assert all(before.at <= step.at <= WEDNESDAY for before, step in pairwise(own))
        assert report.n_returns == sum(step.step == Step.RETURN for step in own)
        assert report.accepted_by_id is None or report.accepted_by_id != report.filed_by_id
        # Every due moment is the period's or one that a step gave.
        given = [step.content["due_at"][1] for step in own if "due_at" in step.content]
        assert not given or dt.datetime.fromisoformat(given[-1]) == report.due_at
    entries = AuditEntry.objects.filter(object_type="weekly.weeklyreport")
    assert entries.count() == ReportStep.objects.count()


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
    entries = AuditEntry.objects.filter(object_type="records.activityrecord")
    assert entries.exclude(deed=Deed.ASSIGN).count() == Transition.objects.count()
    assert (
        entries.filter(deed=Deed.ASSIGN).count() == ActivityRecord.objects.exclude(assigned_to=None).count()
    )


def test_every_record_would_pass_the_form(loaded: Campaign) -> None:
    rows = ActivityRecord.objects.select_related("activity_type", "period", "unit")
    for record in rows.select_related("form"):
        assert record.form is not None
        assert gaps(Content.of(record), record.form.design, today=WEDNESDAY.date()) == []
        assert set(record.values) <= {indicator.code for indicator in record.form.design.asks}
        assert record.period.starts_on <= record.held_on <= record.period.ends_on
        assert record.unit.is_open_on(record.held_on)


def test_nobody_decides_on_their_own_record(loaded: Campaign) -> None:
    decided = ActivityRecord.objects.exclude(decided_by=None).select_related("decided_by", "submitted_by")
    assert decided
    reviewers = {account.pk for account in scope.grantees(scope.REVIEW)}
    assert all(record.decided_by_id != record.submitted_by_id for record in decided)
    assert {record.decided_by_id for record in decided} <= reviewers


def test_two_reviewers_stand_behind_every_example(loaded: Campaign) -> None:
    examples = ActivityRecord.objects.filter(activity_type__needs_second_review=True)
    approved = examples.filter(status=Status.APPROVED)
    assert approved
    assert all(record.endorsed_by_id not in {None, record.decided_by_id} for record in approved)
    assert examples.filter(status=Status.SUBMITTED).exclude(endorsed_by=None)


def test_loading_twice_changes_nothing(loaded: Campaign) -> None:
    before, out = snapshot(), StringIO()
    call_command("demonstration", stdout=out)
    ensure_demonstration()
    assert snapshot() == before
    assert out.getvalue().strip()


def test_passwords_open_every_shown_account(loaded: Campaign) -> None:
    shown = sign_in_names()
    assert [one.username for one in shown] == list(SHOWN)
    assert len({one.password for one in shown}) == 1
    assert len(shown[0].password) >= 12
    for one in shown:
        assert Client().login(request=HttpRequest(), username=one.username, password=one.password)


def test_password_is_kept_for_its_owner_alone(loaded: Campaign) -> None:
    assert stat.S_IMODE(password_file().stat().st_mode) == 0o600
