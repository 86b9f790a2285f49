"""Who owes is reminded once before the deadline and told once after it, and the reviewers once in sum."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from reports.digests.reminding import ensure_reminders
from reports.weekly.filing import file_zero
from reports.weekly.models import WeeklyReport
from tasks import reminders
from tests.personas import World
from tests.reports.monday import NINE, monday
from units import mail
from units.accounts import appoint, dismiss
from units.models import Account, Mail
from units.roles import LIAISON

__all__ = ["monday"]

# The third week, in Shanghai: due on Friday 27 November at 17:00, its reminder on Thursday at 09:00.
REMIND = dt.datetime.fromisoformat("2026-11-26T09:00:00+08:00")
# The last moment of the minute that is printed.
DUE = dt.datetime.fromisoformat("2026-11-27T17:00:59.999999+08:00")
SUMMED_UP = dt.datetime.fromisoformat("2026-11-28T09:00:00+08:00")
SECOND = dt.timedelta(seconds=1)


def told(kind: str) -> list[str]:
    """Return to whom mails of a kind went, in order."""
    rows = Mail.objects.filter(key__startswith=f"{kind}:")
    return sorted(rows.values_list("person__username", flat=True))


def third(world: World) -> WeeklyReport:
    """Return what the school owes for the third week."""
    rows = WeeklyReport.objects.select_related("unit", "period__campaign")
    report: WeeklyReport = rows.get(unit=world.school, period__number=3)
    return report


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (REMIND - SECOND, []),
        (REMIND, ["liaison", "stranger"]),
        (DUE, ["liaison", "stranger"]),
        (DUE + SECOND, []),
    ],
)
def test_reminder_goes_out_from_its_moment_to_the_deadline(
    monday: World, moment: dt.datetime, expected: list[str]
) -> None:
    ensure_reminders(monday.campaign, now=moment)
    assert told("remind") == expected


def test_who_has_filed_or_is_excused_is_not_reminded(monday: World) -> None:
    file_zero(third(monday), actor=monday.liaison, reason="无活动")
    WeeklyReport.objects.filter(unit=monday.other_school, period__number=3).update(
        excused_at=REMIND, excuse="停课"
    )
    ensure_reminders(monday.campaign, now=REMIND)
    assert told("remind") == []


@pytest.mark.parametrize("n_beats", [1, 2, 3])
def test_every_mail_is_made_once_however_often_the_clock_beats_and_jumps(monday: World, n_beats: int) -> None:
    hours = [0, 2, -2, 1, 30, 31, 28, 47, 48, 46, 60]
    for hour in hours:
        for _beat in range(n_beats):
            ensure_reminders(monday.campaign, now=REMIND + dt.timedelta(hours=hour))
    assert told("remind") == ["liaison", "stranger"]
    of_third = Mail.objects.filter(key__contains=f":{monday.campaign.periods.get(number=3).pk}:")
    assert sorted(of_third.filter(key__startswith="overdue:").values_list("person__username", flat=True)) == [
        "liaison",
        "stranger",
    ]
    assert Mail.objects.filter(key__startswith=f"late:{monday.campaign.pk}:20261128:").count() == 2


def test_without_a_beat_until_the_deadline_nobody_is_reminded_too_late(monday: World) -> None:
    ensure_reminders(monday.campaign, now=DUE + dt.timedelta(hours=1))
    assert told("remind") == []
    assert "liaison" in told("overdue")


def test_reminder_that_waits_at_its_deadline_is_dropped_and_not_sent(monday: World) -> None:
    ensure_reminders(monday.campaign, now=REMIND)
    with time_machine.travel(DUE + SECOND):
        mail.deliver_due(seconds=5)
    assert set(Mail.objects.filter(key__startswith="remind:").values_list("state", flat=True)) == {"dropped"}


def test_extension_is_a_new_deadline_and_has_its_own_reminder(monday: World) -> None:
    ensure_reminders(monday.campaign, now=REMIND)
    later = DUE + dt.timedelta(days=3)
    WeeklyReport.objects.filter(pk=third(monday).pk).update(due_at=later, close_at=later)
    ensure_reminders(monday.campaign, now=later - dt.timedelta(hours=20))
    assert told("remind") == ["liaison", "liaison", "stranger"]


def test_liaison_of_several_units_gets_one_mail_for_all(monday: World) -> None:
    appoint(monday.liaison, LIAISON, actor=None, unit=monday.other_school)
    ensure_reminders(monday.campaign, now=REMIND)
    [one] = Mail.objects.filter(person=monday.liaison, key__startswith="remind:")
    assert monday.school.name in one.text
    assert monday.other_school.name in one.html


def test_where_nobody_reports_for_the_unit_the_nearest_above_is_reminded(monday: World) -> None:
    dismiss(monday.liaison, LIAISON, actor=None, unit=monday.school)
    appoint(monday.head, LIAISON, actor=None, unit=monday.bureau)
    ensure_reminders(monday.campaign, now=REMIND)
    assert told("remind") == ["head", "stranger"]
    [one] = Mail.objects.filter(person=monday.head)
    assert monday.other_school.name not in one.text


def test_reviewers_read_once_who_is_late_and_who_is_missing(monday: World) -> None:
    with time_machine.travel(DUE + dt.timedelta(hours=2)):
        file_zero(third(monday), actor=monday.liaison, reason="无活动")
    ensure_reminders(monday.campaign, now=SUMMED_UP - SECOND)
    assert not Mail.objects.filter(key__contains=":20261128:").exists()
    ensure_reminders(monday.campaign, now=SUMMED_UP)
    ensure_reminders(monday.campaign, now=SUMMED_UP + dt.timedelta(hours=5))
    [one] = Mail.objects.filter(key__contains=":20261128:", person=monday.reviewer)
    missing, late = one.text.split("Filed late" if "Filed late" in one.text else "迟报")
    assert monday.school.name in late
    assert monday.other_school.name in missing
    assert one.unsubscribe_url == ""


def test_old_deadlines_are_left_to_the_digest(monday: World) -> None:
    ensure_reminders(monday.campaign, now=NINE)
    weeks = {key.split(":")[1] for key in Mail.objects.values_list("key", flat=True) if key[:4] == "over"}
    assert weeks == {str(monday.campaign.periods.get(number=2).pk)}


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_who_cannot_read_gets_none(monday: World, change: dict[str, object]) -> None:
    Account.objects.filter(pk=monday.liaison.pk).update(**change)
    ensure_reminders(monday.campaign, now=REMIND)
    assert told("remind") == ["stranger"]


def test_moment_is_said_in_the_campaigns_zone_and_the_readers_language(monday: World) -> None:
    Account.objects.filter(pk=monday.liaison.pk).update(language="en")
    ensure_reminders(monday.campaign, now=REMIND)
    one = Mail.objects.get(person=monday.liaison)
    assert "Fri, Nov. 27, 17:00" in one.subject
    assert "Week 3" in one.text


def test_clock_calls_it(monday: World) -> None:
    with time_machine.travel(REMIND):
        reminders.make_reminders()
        reminders.make_reminders()
    assert told("remind") == ["liaison", "stranger"]


def test_quiet_tick_costs_few_queries(monday: World, django_assert_max_num_queries: object) -> None:
    WeeklyReport.objects.all().update(filed_at=NINE - dt.timedelta(days=30))
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        ensure_reminders(monday.campaign, now=NINE)
