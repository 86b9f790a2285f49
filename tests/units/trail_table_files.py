"""What the trail has to tell of photos and files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from reports.records.files import shelf
from reports.records.models import StoredFile
from tasks.files import verify_files
from tests.personas import World
from tests.portal.identity_steps import browser_of
from tests.reports.sample_files import hung_on, pdf, sent
from tests.units.trail_ways import RECORD, Row, Run, Told, post
from units.models import Deed


def of_file(name: str, number: int) -> str:
    """Return an address of a file."""
    return reverse(f"records:file-{name}", args=[number])


def downloaded(world: World) -> None:
    """Let the liaison look at a file to its end."""
    answer: Any = browser_of(world.liaison).get(of_file("download", hung_on(world.draft()).pk))
    assert b"".join(answer.streaming_content)


def damaged(world: World) -> None:
    """Lose a file's bytes and let the next night come."""
    shelf.remove(hung_on(world.draft()).file.sha256)
    StoredFile.objects.update(verified_at=timezone.now() - dt.timedelta(days=2))


FILES: dict[str, Row] = {
    "attach a file": Row(
        Deed.CHANGE,
        Told(
            lambda w: post(w, "liaison", of_file("attach", w.draft().pk), files=sent("a.pdf", pdf())),
            "liaison",
            RECORD,
            along={"create": 1},
        ),
    ),
    "take a file off": Row(
        Deed.CHANGE,
        Told(
            lambda w: post(w, "liaison", of_file("detach", hung_on(w.draft()).pk)),
            "liaison",
            RECORD,
            along={"create": 1},
        ),
    ),
    "look at a file": Row(Deed.DOWNLOAD, Told(downloaded, "liaison", RECORD, along={"create": 1})),
    "find a damaged file": Row(
        Deed.ALERT,
        "the clock does it",
        "shown in test_files_care.py: it ends with an error",
        Run(verify_files, damaged, "records.storedfile"),
    ),
}
