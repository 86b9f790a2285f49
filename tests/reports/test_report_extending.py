"""More time: by an extension, for one report or a whole week, and by a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from reports.weekly import extending, filing, reviewing
from reports.weekly.models import Standing, WeeklyReport
from tests.personas import World
from tests.reports.reports_owed import again, closed, filed, owed, refused
from units.accounts import appoint
from units.roles import LIAISON

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
LATER = dt.timedelta(days=3)


def test_extension_opens_a_closed_report_and_answers_the_request(world: World) -> None:
    report = closed(owed(world))
    assert refused(lambda: filing.file(report, actor=world.liaison, progress="x")).code == "closed"
    extending.ask(report, actor=world.liaison, note="停电")
    due_at = timezone.now() + LATER
    extending.extend(report, actor=world.reviewer, due_at=due_at, note="同意")
    report = again(report)
    assert (report.due_at, report.close_at, report.asked_at, report.ask_note) == (due_at, due_at, None, "")
    filing.file(report, actor=world.liaison, progress="完成。")
    assert report.standing(timezone.now()) is Standing.ON_TIME


@pytest.mark.parametrize(
    ("due_at", "code"),
    [
        (lambda report: timezone.now() - dt.timedelta(seconds=1), "not_later"),
        (lambda report: report.due_at, "not_later"),
        (lambda report: timezone.now() + dt.timedelta(days=400), "too_far"),
    ],
)
def test_extension_leads_to_a_later_moment_within_a_year(
    world: World, due_at: Callable[[WeeklyReport], dt.datetime], code: str
) -> None:
    report = owed(world)
    extend = extending.extend
    error = refused(lambda: extend(report, actor=world.reviewer, due_at=due_at(report), note="停电"))
    assert (error.code, error.field) == (code, "due_at")


def test_extension_of_a_whole_week_leaves_what_needs_none(world: World) -> None:
    in_time, other = filed(world), owed(world, world.other_school)
    excused = WeeklyReport.objects.filter(unit=world.school).exclude(pk=in_time.pk).first()
    assert excused is not None
    extending.excuse(again(excused), actor=world.reviewer, note="停课")
    ids = [in_time.pk, other.pk, excused.pk]
    due_at = other.due_at + LATER
    outcome = extending.extend_many(ids, actor=world.reviewer, due_at=due_at, note="系统维护")
    assert outcome == reviewing.Outcome(1, 2)
    assert again(other).due_at == due_at
    assert again(other).close_at >= due_at
    assert extending.extend_many([other.pk], actor=world.reviewer, due_at=due_at, note="再") == (
        reviewing.Outcome(0, 1)
    )
    assert extending.extend_many([other.pk], actor=world.leader, due_at=due_at + LATER, note="越") == (
        reviewing.Outcome(0, 1)
    )


def test_what_was_filed_late_counts_by_the_new_due_moment(world: World) -> None:
    report = owed(world)
    WeeklyReport.objects.filter(pk=report.pk).update(due_at=timezone.now() - dt.timedelta(hours=1))
    report = filing.file(again(report), actor=world.liaison, progress="完成。")
    assert report.standing(timezone.now()) is Standing.LATE
    due_at = timezone.now() + LATER
    extending.extend_many([report.pk], actor=world.reviewer, due_at=due_at, note="系统维护")
    assert again(report).standing(timezone.now()) is Standing.ON_TIME


def test_one_request_is_open_at_a_time_and_names_who_asked(world: World) -> None:
    report = extending.ask(owed(world), actor=world.liaison, note="停电")
    error = refused(lambda: extending.ask(report, actor=world.head))
    assert error.code == "asked_already"
    assert str(world.liaison) in str(error.message)
    extending.refuse(report, actor=world.reviewer, note="按时报")
    assert extending.ask(report, actor=world.head).asked_by == world.head


def test_nobody_answers_their_own_request(world: World) -> None:
    appoint(world.reviewer, LIAISON, actor=None, unit=world.school)
    report = extending.ask(owed(world), actor=world.reviewer)
    actor, due_at, note = world.reviewer, report.due_at + LATER, "自己批"
    for deed in (extending.refuse, extending.excuse):
        assert refused(partial(deed, report, actor=actor, note=note)).code == "own_request"
    extension = partial(extending.extend, report, actor=actor, due_at=due_at, note=note)
    assert refused(extension).code == "own_request"
    assert extending.extend_many([report.pk], actor=actor, due_at=due_at, note=note).n_done == 0
