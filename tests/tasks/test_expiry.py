"""Handed-in lists do not outlive their hour."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from tasks.expiry import expire_uploads
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


def test_expiry_is_on_the_clock() -> None:
    assert "tasks.expire_uploads" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
