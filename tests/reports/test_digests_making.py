"""One digest per person and week, whoever makes it, however often and however late."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from reports.digests import making
from reports.digests.contents import Digest
from reports.digests.making import due_period, ensure_digests
from reports.digests.rendering import render
from tests.personas import World
from tests.reports.monday import NINE, monday
from units.accounts import appoint, dismiss
from units.models import Account, Mail
from units.roles import LIAISON, REVIEWER

__all__ = ["monday"]

READERS = ["leader", "liaison", "member", "reviewer", "reviewer2", "stranger"]


def recipients() -> list[str]:
    return sorted(Mail.objects.values_list("person__username", flat=True))


def test_each_reader_gets_one_mail_and_nobody_else_any(monday: World) -> None:
    assert ensure_digests(monday.campaign, now=NINE) == 6
    assert recipients() == READERS
    period = monday.campaign.periods.get(number=2)
    assert Mail.objects.filter(key=f"digest:{period.pk}:{monday.liaison.pk}").count() == 1


def test_made_again_it_is_not_sent_again(monday: World) -> None:
    ensure_digests(monday.campaign, now=NINE)
    for later in (dt.timedelta(), dt.timedelta(minutes=1), dt.timedelta(days=6)):
        assert ensure_digests(monday.campaign, now=NINE + later) == 0
    assert recipients() == READERS


def test_second_clock_in_the_middle_of_the_first_adds_nothing(
    monday: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_from_second: list[int] = []

    def interrupted(digest: Digest, *, key: str) -> Mail:
        if not n_from_second:
            n_from_second.append(0)
            n_from_second[0] = ensure_digests(monday.campaign, now=NINE)
        return render(digest, key=key)

    monkeypatch.setattr(making, "render", interrupted)
    assert ensure_digests(monday.campaign, now=NINE) + n_from_second[0] == 6
    assert recipients() == READERS


def test_person_with_several_roles_gets_one_mail(monday: World) -> None:
    appoint(monday.liaison, REVIEWER, actor=None, unit=monday.bureau)
    appoint(monday.liaison, LIAISON, actor=None, unit=monday.other_school)
    ensure_digests(monday.campaign, now=NINE)
    mail = Mail.objects.get(person=monday.liaison)
    assert monday.school.name in mail.html
    assert monday.other_school.name in mail.html
    assert "/admin/records/activityrecord/" in mail.text


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}, {"wants_digest": False}])
def test_who_cannot_or_will_not_read_gets_none(monday: World, change: dict[str, object]) -> None:
    Account.objects.filter(pk=monday.liaison.pk).update(**change)
    ensure_digests(monday.campaign, now=NINE)
    assert "liaison" not in recipients()


def test_whose_role_is_gone_gets_none(monday: World) -> None:
    dismiss(monday.liaison, LIAISON, actor=None, unit=monday.school)
    ensure_digests(monday.campaign, now=NINE)
    assert "liaison" not in recipients()


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("2026-11-16T07:59:59+08:00", None),
        ("2026-11-16T08:00:00+08:00", 1),
        ("2026-11-22T23:59:59+08:00", 1),
        ("2026-11-23T07:59:59+08:00", 1),
        ("2026-11-23T08:00:00+08:00", 2),
        ("2026-11-30T07:59:59+08:00", 2),
    ],
)
def test_digest_is_due_from_its_moment_until_the_next(monday: World, moment: str, number: int | None) -> None:
    period = due_period(monday.campaign, dt.datetime.fromisoformat(moment))
    assert (period.number if period else None) == number


def test_outage_of_days_is_caught_up_with_and_of_weeks_is_not(monday: World) -> None:
    assert ensure_digests(monday.campaign, now=NINE + dt.timedelta(days=5)) == 6
    Mail.objects.all().delete()
    with time_machine.travel(NINE + dt.timedelta(days=9)):
        # The third week was never opened meanwhile, and the second is no news any more.
        monday.campaign.periods.filter(number=3).update(ends_on=dt.date(2026, 12, 20))
        assert ensure_digests(monday.campaign, now=NINE + dt.timedelta(days=9)) == 0


def test_everything_costs_few_queries_however_many_read(
    monday: World, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        ensure_digests(monday.campaign, now=NINE)
    with django_assert_max_num_queries(7):  # type: ignore[operator]
        ensure_digests(monday.campaign, now=NINE)
