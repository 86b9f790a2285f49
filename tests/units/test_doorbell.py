"""The doorbell: rung once, after the commit, and never in the way of the deed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.db import transaction

from units import doorbell


@pytest.mark.django_db(transaction=True)
def test_one_transaction_rings_once_and_only_after_its_commit(quiet_world: list[str]) -> None:
    with transaction.atomic():
        doorbell.ring("tasks.tally")
        doorbell.ring("tasks.tally")
        doorbell.ring("tasks.send_mail")
        assert quiet_world == []
    assert quiet_world == ["tasks.tally", "tasks.send_mail"]


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_is_rolled_back_does_not_ring(quiet_world: list[str]) -> None:
    with transaction.atomic():
        doorbell.ring("tasks.tally")
        transaction.set_rollback(True)
    assert quiet_world == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_no_error_and_no_waiting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deaf = Celery("deaf", broker=f"redis+socket://{tmp_path}/nobody.sock", set_as_current=False)
    deaf.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    deaf.conf.task_publish_retry = settings.CELERY_TASK_PUBLISH_RETRY
    monkeypatch.setattr(doorbell, "current_app", deaf)
    begun = time.monotonic()
    doorbell.ring("tasks.tally")
    assert time.monotonic() - begun < 2
