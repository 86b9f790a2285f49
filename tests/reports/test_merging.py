"""Merging and splitting units: what was theirs follows, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from reports.records.counting import count_all
from reports.reorganisation import merging
from reports.statistics.reading import so_far
from reports.statistics.verifying import verify
from reports.weekly import filing
from reports.weekly.models import WeeklyReport
from tests.personas import World
from units import scope
from units.models import AuditEntry, Deed, TeamUnit, Unit, UnitKind
from units.rules import RuleError


@pytest.fixture
def tomorrow(world: World) -> dt.date:
    return world.today + dt.timedelta(days=1)


def test_records_and_their_totals_go_to_the_new_unit(
    world: World, tomorrow: dt.date, run_tally: Callable[[], None]
) -> None:
    world.approved()
    run_tally()
    merged = merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    run_tally()
    assert merged.n_records == 1
    assert so_far(world.campaign, [world.other_school]).onsite == 120
    assert so_far(world.campaign, [world.school]).values == {}
    assert so_far(world.campaign, [world.bureau]).onsite == 120
    assert verify(world.campaign, count_all(world.campaign)) == []


def test_liaison_and_team_follow_their_unit(world: World, tomorrow: dt.date) -> None:
    merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    assert scope.may(world.liaison, scope.REPORT, world.other_school)
    assert not scope.may(world.liaison, scope.REPORT, world.school)
    assert scope.sees(world.team_member, world.other_school)
    assert list(TeamUnit.objects.values_list("unit__code", flat=True)) == ["S2"]
    world.liaison.refresh_from_db()
    assert world.liaison.unit == world.other_school


def test_old_unit_is_closed_and_stays_readable(world: World, tomorrow: dt.date) -> None:
    merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    old = Unit.objects.get(pk=world.school.pk)
    assert (old.closed_on, old.merged_into) == (tomorrow, world.other_school)
    assert scope.sees(world.leader, old)


def test_week_filed_by_both_keeps_both_reports(world: World, tomorrow: dt.date) -> None:
    for unit, actor in ((world.school, world.liaison), (world.other_school, world.stranger)):
        report = WeeklyReport.objects.get(unit=unit, period=world.period)
        filing.file(report, actor=actor, progress="已开展宣讲。")
    merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    filed = WeeklyReport.objects.filed().filter(period=world.period)
    assert set(filed.values_list("unit__code", flat=True)) == {"S1", "S2"}
    assert not WeeklyReport.objects.open().filter(unit=world.school).exists()


def test_report_filed_by_the_old_unit_alone_is_not_lost(world: World, tomorrow: dt.date) -> None:
    report = WeeklyReport.objects.get(unit=world.school, period=world.period)
    filing.file(report, actor=world.liaison, progress="已开展宣讲。")
    merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    assert WeeklyReport.objects.filed().filter(progress="已开展宣讲。").exists()


def test_both_units_tell_of_the_merger(world: World, tomorrow: dt.date) -> None:
    merging.merge(world.school, world.other_school, on=tomorrow, actor=world.administrator)
    told = AuditEntry.objects.filter(deed=Deed.MERGE).values_list("unit__code", flat=True)
    assert sorted(told) == ["S1", "S2"]


def test_refusals_change_nothing(world: World, tomorrow: dt.date) -> None:
    refused = [
        (world.school, world.school, "same_unit"),
        (world.bureau, world.school, "has_children"),
        (world.closed_school, world.school, "closed_already"),
        (world.school, world.closed_school, "closed_already"),
    ]
    for old, new, code in refused:
        with pytest.raises(RuleError) as error:
            merging.merge(old, new, on=tomorrow, actor=world.administrator)
        assert error.value.code == code
    assert not AuditEntry.objects.filter(deed=Deed.MERGE).exists()


def test_split_takes_its_people_along_and_leaves_history(world: World, run_tally: Callable[[], None]) -> None:
    world.approved()
    run_tally()
    part = Unit(
        code="S1B", name="一中东校区", kind=UnitKind.objects.get(code="school"), opened_on=world.today
    )
    merging.split(world.school, part, [world.liaison], actor=world.administrator)
    assert scope.may(world.liaison, scope.REPORT, part)
    assert not scope.may(world.liaison, scope.REPORT, world.school)
    assert scope.may(world.head, scope.SIGN, world.school)
    assert scope.sees(world.team_member, part)
    assert so_far(world.campaign, [world.school]).onsite == 120
    assert part.parent == world.bureau
