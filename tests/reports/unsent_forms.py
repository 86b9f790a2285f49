"""What the tests of unsent forms share: a form as its script tells of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.test import Client

from reports.records.models import ActivityRecord
from tests.personas import World
from tests.reports.record_forms import typed
from units.models import Account

KEEP = "/records/typed/"


def about(world: World, record: ActivityRecord | None = None) -> str:
    """Return how a form of the world's school says what it is about."""
    return f"{world.lecture.pk}:{world.school.pk}:{record.pk if record else ''}"


def tab_form(world: World, record: ActivityRecord | None = None, **changed: str) -> dict[str, str]:
    """Return a form as a browser's tab sends it."""
    form = typed(world, tab=str(uuid.uuid4()), about=about(world, record), taken_up="")
    if record is not None:
        form |= {"key": str(record.key), "version": str(record.version)}
    return form | changed


def keep(
    browser: Client, person: Account, form: Mapping[str, str], sequence: int = 1, **more: Any
) -> HttpResponse:
    """Tell the portal what stands in a form, as the page's script does."""
    told = {
        "person": person.pk,
        "sequence": sequence,
        "fields": {name: [text] for name, text in form.items()},
    }
    answer = browser.post(KEEP, json.dumps(told | more), content_type="application/json")
    assert isinstance(answer, HttpResponse)
    return answer
