"""Handed-in lists do not outlive their hour."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.utils import timezone

from reports.records.models import WorkingCopy
from tasks.expiry import expire_unsent, expire_uploads
from tests.personas import World
from units.importing.uploads import LIFETIME
from units.models import Upload


def test_c49_upload_past_its_hour_is_dropped_and_a_fresh_one_stays(world: World) -> None:
    for created_at in (timezone.now() - LIFETIME * 2, timezone.now()):
        Upload.objects.create(
            account=world.administrator, name="list.csv", content=b"x", created_at=created_at
        )
    expire_uploads()
    expire_uploads()
    assert Upload.objects.count() == 1


def test_unsent_form_past_its_thirty_days_is_dropped_and_a_fresh_one_stays(world: World) -> None:
    facts = {"person": world.liaison, "unit": world.school, "activity_type": world.lecture}
    for days in (31, 29):
        moment = timezone.now() - dt.timedelta(days=days)
        WorkingCopy.objects.create(**facts, key=uuid.uuid4(), tab=uuid.uuid4(), saved_at=moment)
    expire_unsent()
    expire_unsent()
    assert WorkingCopy.objects.count() == 1


def test_expiry_is_on_the_clock() -> None:
    on_the_clock = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"tasks.expire_uploads", "tasks.expire_unsent"} <= on_the_clock
