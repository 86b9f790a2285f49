"""What the tests of the weekly reports share: an owed report, its reviewers' buttons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.weekly import filing
from reports.weekly.models import WeeklyReport
from tests.personas import World
from units.models import Account, Unit
from units.rules import RuleError

SignIn = Callable[[Account], Client]
QUEUE = "admin:weekly_weeklyreport_changelist"
TYPED = {
    "progress": "组织专题党课两场。",
    "highlights": "青年教师领学。",
    "problems": "缺场地。",
    "plan": "调研。",
}


def owed(world: World, at: Unit | None = None) -> WeeklyReport:
    """Return this week's report of the liaison's school, due tomorrow, as the verbs read it."""
    unit = at or world.school
    due_at = timezone.now() + dt.timedelta(days=1)
    WeeklyReport.objects.filter(unit=unit, period=world.period).update(
        due_at=due_at, close_at=due_at + dt.timedelta(days=7)
    )
    return again(WeeklyReport.objects.get(unit=unit, period=world.period))


def again(report: WeeklyReport) -> WeeklyReport:
    """Return a report as it is stored now."""
    found: WeeklyReport = WeeklyReport.objects.with_people().get(pk=report.pk)
    return found


def filed(world: World) -> WeeklyReport:
    """Return a report that waits for review."""
    return filing.file(owed(world), actor=world.liaison, **TYPED)


def closed(report: WeeklyReport) -> WeeklyReport:
    """Return a report whose last chance passed an hour ago."""
    past = timezone.now() - dt.timedelta(hours=1)
    WeeklyReport.objects.filter(pk=report.pk).update(due_at=past, close_at=past)
    return again(report)


def refused(deed: Callable[[], object]) -> RuleError:
    """Return the refusal of a deed."""
    with pytest.raises(RuleError) as error:
        deed()
    return error.value


def page(report: WeeklyReport, name: str = "detail") -> str:
    """Return the address of one of a report's pages in the portal."""
    return reverse(f"weekly:report-{name}", args=[report.pk])


def review_page(report: WeeklyReport) -> str:
    """Return the address of a report's page in the administration."""
    return reverse("admin:weekly_weeklyreport_change", args=[report.pk])


def decide(client: Client, report: WeeklyReport, verb: str, **told: object) -> Any:
    """Press one of the buttons on a report's page in the administration."""
    url = reverse("admin:weekly_weeklyreport_decide", args=[report.pk, verb])
    return client.post(url, {"version": report.version, "note": ""} | told)


def decide_many(client: Client, verb: str, reports: list[WeeklyReport], **told: object) -> Any:
    """Confirm a decision on many reports as they are shown."""
    chosen = ",".join(f"{report.pk}:{report.version}" for report in reports)
    url = reverse("admin:weekly_weeklyreport_decide_many", args=[verb])
    return client.post(url, {"chosen": chosen, "note": ""} | told)
