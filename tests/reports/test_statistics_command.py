"""`statistics verify` and `rebuild` on the command line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from reports.statistics.models import Cell
from reports.statistics.reading import so_far
from tests.personas import World
from units import tree


def test_right_totals_pass(world: World, run_tally: Callable[[], None]) -> None:
    world.approved()
    run_tally()
    call_command("statistics", "verify")


def test_wrong_total_is_named_and_rebuilt(
    world: World, run_tally: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    world.approved()
    run_tally()
    Cell.objects.filter(unit=world.bureau).update(total={"records": 7})
    with pytest.raises(CommandError):
        call_command("statistics", "verify", "--campaign=study")
    assert f"unit {world.bureau.pk}," in capsys.readouterr().err
    call_command("statistics", "rebuild")
    call_command("statistics", "verify")
    assert so_far(world.campaign, [world.bureau]).n_records == 1


def test_what_merely_waits_for_the_tally_is_no_error(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.approved()
    call_command("statistics", "verify")
    # The unit and the bureau above it, each with its four cells.
    assert "8" in capsys.readouterr().out


def test_move_that_the_totals_have_yet_to_follow_is_told(world: World, run_tally: Callable[[], None]) -> None:
    world.approved()
    run_tally()
    tree.move(world.school, world.other_school, actor=None)
    with pytest.raises(CommandError):
        call_command("statistics", "verify")
    call_command("statistics", "rebuild")
    call_command("statistics", "verify")


def test_unknown_campaign_is_an_error(world: World) -> None:
    with pytest.raises(CommandError):
        call_command("statistics", "verify", "--campaign=none")
