"""What the tests of the review queue share: its addresses, its buttons, and what came back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from reports.records.models import ActivityRecord
from units.models import Account

SignIn = Callable[[Account], Client]
QUEUE = "admin:records_activityrecord_changelist"


def page(record: ActivityRecord) -> str:
    """Return the address of a record's page."""
    return reverse("admin:records_activityrecord_change", args=[record.pk])


def decide(client: Client, record: ActivityRecord, verb: str, **changed: object) -> Any:
    """Press one of the buttons on the page of a record as it is shown."""
    url = reverse("admin:records_activityrecord_decide", args=[record.pk, verb])
    return client.post(url, {"version": record.version, "note": ""} | changed)


def decide_many(client: Client, verb: str, records: list[ActivityRecord], **changed: object) -> Any:
    """Confirm a bulk decision on records as they are shown."""
    chosen = ",".join(f"{record.pk}:{record.version}" for record in records)
    url = reverse("admin:records_activityrecord_decide_many", args=[verb])
    return client.post(url, {"chosen": chosen, "note": ""} | changed)


def confirm(client: Client, verb: str, query: str = "", **chosen: Any) -> Any:
    """Press one of the buttons over the list, for what is ticked or for everything that it shows."""
    url = reverse("admin:records_activityrecord_confirm", args=[verb])
    return client.post(f"{url}{query}", chosen)


def shown(response: Any) -> list[int]:
    """Return the numbers of the records in a list."""
    return [row.line.record.pk for row in response.context["rows"]]


def body(response: Any) -> str:
    """Return a page without what differs from one request to the next: tokens, the event, the address."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    text = re.sub(r"[0-9A-Fa-f]{4,}(-[0-9A-Fa-f]{4,})*", "", text)
    return re.sub(r"/activityrecord/\d*/", "/", text)


def status_of(record: ActivityRecord) -> str:
    """Return the stored status."""
    return ActivityRecord.objects.values_list("status", flat=True).get(pk=record.pk)
