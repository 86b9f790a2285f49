"""A unit that closes with a day in the past owes nothing from that day on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from reports.weekly import filing
from reports.weekly.models import WeeklyReport
from reports.weekly.obligations import withdraw_reports
from tasks.clock import look_back, open_periods
from tests.personas import World
from units import lifecycle
from units.models import AuditEntry, Deed
from units.rules import RuleError


def weeks(world: World) -> list[int]:
    """Return the weeks for which the school has a report, owed or filed."""
    rows = WeeklyReport.objects.filter(unit=world.school).order_by("period__number")
    return list(rows.values_list("period__number", flat=True))


def told() -> list[AuditEntry]:
    """Return what the trail says of reports that were taken back."""
    return list(AuditEntry.objects.filter(deed=Deed.VOID, object_type="weekly.weeklyreport").order_by("pk"))


def test_what_is_owed_no_more_is_taken_back_and_written_down(world: World) -> None:
    owed = weeks(world)
    begin = world.campaign.periods.get(number=owed[-2]).starts_on
    lifecycle.close(world.school, on=begin, actor=world.administrator)
    open_periods()
    assert weeks(world) == owed[:-2]
    assert [(entry.channel, entry.unit, entry.actor) for entry in told()] == [
        ("task tasks.open_periods", world.school, None)
    ] * 2
    assert told()[0].changes["closed_on"] == begin.isoformat()
    open_periods()
    assert (weeks(world), len(told())) == (owed[:-2], 2)


def test_week_of_the_closing_itself_is_owed_still(world: World) -> None:
    owed = weeks(world)
    day = world.campaign.periods.get(number=owed[-1]).starts_on + dt.timedelta(days=1)
    lifecycle.close(world.school, on=day, actor=world.administrator)
    assert withdraw_reports(world.campaign) == 0
    assert weeks(world) == owed


def test_filed_report_stays_and_one_on_the_screen_is_told_to_reload(world: World) -> None:
    owed = weeks(world)
    filed, shown = (
        WeeklyReport.objects.get(unit=world.school, period__number=number) for number in owed[-2:]
    )
    WeeklyReport.objects.filter(pk=filed.pk).update(close_at=shown.close_at)
    filing.file(WeeklyReport.objects.get(pk=filed.pk), actor=world.liaison, progress="已开展宣讲。")
    lifecycle.close(world.school, on=filed.period.starts_on, actor=world.administrator)
    assert withdraw_reports(world.campaign) == 1
    assert weeks(world) == owed[:-1]
    with pytest.raises(RuleError) as refused:
        filing.file(shown, actor=world.liaison, progress="晚了")
    assert refused.value.code == "stale"


def test_unit_that_is_opened_again_owes_them_again(world: World) -> None:
    owed = weeks(world)
    lifecycle.close(world.school, on=world.today - dt.timedelta(days=30), actor=world.administrator)
    open_periods()
    assert weeks(world) == []
    lifecycle.reopen(world.school, actor=world.administrator)
    open_periods()
    now = timezone.now()
    still_open = [week.number for week in world.campaign.periods.weekly() if week.close_at >= now]
    assert set(still_open) <= set(weeks(world))
    look_back()
    assert weeks(world) == owed
