"""The clock's entries: each has its task, each task ends, and nobody's trouble is everybody's."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

import pytest
import time_machine
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core import mail

from reports.campaigns.models import Campaign
from reports.statistics.models import Cell
from reports.statistics.reading import so_far
from tasks import clock, digests, mailing, tally, verifying
from tasks.isolation import for_each
from tests.personas import World
from tests.reports.monday import LAST_WEEK, NINE, monday
from units.models import AuditEntry, Deed, Mail

__all__ = ["monday"]


def test_every_entry_of_the_schedule_has_its_task() -> None:
    current_app.loader.import_default_modules()
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["task"] in current_app.tasks, name
        assert "expires" in str(entry["options"]), name


def test_every_task_ends_before_the_broker_hands_it_out_again() -> None:
    current_app.loader.import_default_modules()
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    own = [task for name, task in current_app.tasks.items() if name.startswith("tasks.")]
    assert len(own) >= 6
    for task in own:
        limit = task.time_limit or settings.CELERY_TASK_TIME_LIMIT
        assert settings.CELERY_TASK_SOFT_TIME_LIMIT < limit < visibility
        assert task.ignore_result
    assert mailing.SECONDS < settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_failure_of_one_campaign_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    done = []

    def work(campaign_id: int) -> None:
        if campaign_id == 2:
            raise KeyError("broken")
        done.append(campaign_id)

    assert for_each([1, 2, 3], work, name="tasks.test") == 1
    assert done == [1, 3]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_end_of_the_tasks_own_time_goes_through() -> None:
    def work(_campaign_id: int) -> None:
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        for_each([1], work, name="tasks.test")


def test_digest_is_made_and_sent_by_the_clock(monday: World) -> None:
    for _tick in range(3):
        digests.make_digests()
        mailing.send_mail()
    assert len(mail.outbox) == 6
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_periods_open_by_the_clock(monday: World) -> None:
    with time_machine.travel(NINE + dt.timedelta(weeks=2)):
        clock.open_periods()
        clock.open_periods()
    assert monday.campaign.periods.count() == 6


def test_campaign_that_cannot_open_its_periods_holds_up_no_other(
    monday: World, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Campaign.objects.create(
        code="broken", name="坏", starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2027, 12, 1)
    )
    Campaign.objects.filter(pk=broken.pk).update(time_zone="Nowhere/Never")
    with time_machine.travel(NINE + dt.timedelta(weeks=2)):
        clock.open_periods()
    assert monday.campaign.periods.count() == 6
    assert f"campaign {broken.pk}" in caplog.text


def test_night_finds_nothing_where_all_is_right(monday: World) -> None:
    monday.approved(held_on=LAST_WEEK)
    tally.tally_marks()
    verifying.verify_statistics()
    assert not AuditEntry.objects.filter(deed=Deed.REPAIR).exists()


def test_night_mends_a_wrong_total_and_says_so(monday: World, caplog: pytest.LogCaptureFixture) -> None:
    monday.approved(held_on=LAST_WEEK)
    tally.tally_marks()
    right = so_far(monday.campaign, [monday.bureau])
    Cell.objects.filter(unit=monday.bureau).update(total={"records": 9, "sessions": 99})
    verifying.verify_statistics()
    assert so_far(monday.campaign, [monday.bureau]) == right
    assert AuditEntry.objects.filter(deed=Deed.REPAIR).count() == 1
    assert [record.levelno for record in caplog.records if record.name == "tasks.verifying"] == [
        logging.ERROR
    ]


def test_night_does_not_take_what_waits_for_wrong(monday: World, run_tally: Callable[[], None]) -> None:
    monday.approved(held_on=LAST_WEEK)
    verifying.verify_statistics()
    assert not AuditEntry.objects.filter(deed=Deed.REPAIR).exists()
    run_tally()
    assert so_far(monday.campaign, [monday.bureau]).n_records == 1
