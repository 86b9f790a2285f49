"""Moving a subtree: the paths follow, and so do the totals."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reports.records import workflow
from reports.records.counting import count_all
from reports.statistics.reading import so_far
from reports.statistics.tallying import stale_campaign_ids
from reports.statistics.verifying import verify
from tests.personas import World, unit
from units import scope, tree
from units.models import AuditEntry, Deed, Unit
from units.rules import RuleError


@pytest.fixture
def district(world: World) -> Unit:
    """Return a second level between the bureau and the schools."""
    return unit("D", "城东学区", "office", world.bureau)


def test_paths_of_the_whole_subtree_follow(world: World, district: Unit) -> None:
    tree.move(world.school, district, actor=world.administrator)
    branch = unit("S1A", "一中分校", "school", world.school)
    tree.move(world.school, None, actor=world.administrator)
    branch.refresh_from_db()
    assert branch.path == Unit.objects.get(pk=world.school.pk).path + f"{branch.pk:09d}"
    assert tree.wrong_paths() == []


def test_totals_move_along(world: World, district: Unit, run_tally: Callable[[], None]) -> None:
    world.approved()
    run_tally()
    tree.move(world.school, district, actor=world.administrator)
    assert stale_campaign_ids() == [world.campaign.pk]
    run_tally()
    assert so_far(world.campaign, [district]).onsite == 120
    assert so_far(world.campaign, [world.bureau]).onsite == 120
    assert verify(world.campaign, count_all(world.campaign)) == []
    assert stale_campaign_ids() == []


def test_totals_are_right_when_marks_and_moves_wait_together(
    world: World, district: Unit, run_tally: Callable[[], None]
) -> None:
    record = world.approved()
    run_tally()
    workflow.reopen(record, actor=world.reviewer, note="更正")
    world.approved(values={"sessions": 2, "onsite": 7, "online": 0})
    tree.move(world.school, district, actor=world.administrator)
    tree.move(district, None, actor=world.administrator)
    run_tally()
    assert so_far(world.campaign, [district]).onsite == 7
    assert so_far(world.campaign, [world.bureau]).values == {}
    assert verify(world.campaign, count_all(world.campaign)) == []


def test_grant_from_above_ends_with_the_move(world: World) -> None:
    assert scope.may(world.reviewer, scope.REVIEW, world.school)
    moved = tree.move(world.school, None, actor=world.administrator)
    assert not scope.may(world.reviewer, scope.REVIEW, moved)


def test_unit_cannot_move_below_itself(world: World) -> None:
    with pytest.raises(RuleError) as refused:
        tree.move(world.bureau, world.school, actor=world.administrator)
    assert refused.value.code == "into_itself"


def test_move_is_audited_with_old_and_new_parent(world: World, district: Unit) -> None:
    tree.move(world.school, district, actor=world.administrator)
    entry = AuditEntry.objects.filter(deed=Deed.CHANGE, unit=world.school).get()
    assert entry.changes == {"parent": ["B", "D"]}


def test_wrong_paths_are_found_and_repaired(world: World) -> None:
    Unit.objects.filter(pk=world.school.pk).update(path="000000009")
    assert [found.pk for found, _path in tree.wrong_paths()] == [world.school.pk]
    assert tree.repair_paths(actor=None) == 1
    assert tree.wrong_paths() == []
