"""What the tests of the record pages share: a form as a browser sends it, and what came back."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from reports.records.models import ActivityRecord
from tests.personas import World
from units.models import Account

SignIn = Callable[[Account], Client]


def typed(world: World, **changed: str) -> dict[str, str]:
    """Return a complete form as a browser sends it."""
    form = {
        "key": str(uuid.uuid4()),
        "version": "",
        "title": "宣讲进校园",
        "held_on": world.today.isoformat(),
        "place": "报告厅",
        "text": "面向全体教师。",
        "value_sessions": "1",
        "value_onsite": "120",
        "value_online": "300",
        "deed": "submit",
    }
    return form | changed


CREATE = "/records/new/lecture/"


def codes(response: object, field: str) -> list[str]:
    """Return the codes of the errors at one field of the form on a page."""
    form = response.context["form"]  # type: ignore[attr-defined]
    return [error.code for error in form.errors.as_data().get(field, [])]


def pages(record: ActivityRecord) -> list[str]:
    """Return the pages of one record."""
    return [reverse(f"records:record-{name}", args=[record.pk]) for name in ("detail", "edit")]
