"""Each deed of the table is one row of the trail: when, who, which, what, from where (C28, C29)."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.db import connections
from django.utils import timezone

import manage
from tests.personas import World
from tests.units.trail_table import TABLE
from tests.units.trail_ways import Row, Run, Told
from units.models import AuditEntry, Deed

ON_PAGES = {name: row for name, row in TABLE.items() if isinstance(row.web, Told)}
BY_COMMAND = {name: row for name, row in TABLE.items() if isinstance(row.command, Run)}
BY_TASK = {name: row for name, row in TABLE.items() if isinstance(row.task, Run)}


def told_since(last: int, row: Row, way: Told | Run, channel: str) -> list[AuditEntry]:
    """Return the rows of the deed; what else the channel told is what the table says."""
    rows = AuditEntry.objects.filter(pk__gt=last).order_by("pk")
    told = [one for one in rows if one.deed == row.deed]
    n_rows = way.n_rows if isinstance(way, Told) else 1
    assert Counter(one.deed for one in rows) == Counter(way.along) + Counter({row.deed.value: n_rows})
    assert {one.channel for one in told} == {channel}
    assert {one.object_type for one in told} == {way.kind}
    assert all(bool(one.object_id) is bool(way.kind) for one in told)
    assert all((timezone.now() - one.at).total_seconds() < 60 for one in told)
    return told


def check_old_and_new(told: list[AuditEntry]) -> None:
    """Let each change tell of each field what it was and what it became."""
    for one in told:
        if one.deed == Deed.CHANGE:
            assert one.changes
            assert all(isinstance(pair, list) and len(pair) == 2 for pair in one.changes.values())


@pytest.mark.parametrize("what", ON_PAGES)
def test_c28_a_deed_on_a_page_is_told_with_person_object_and_address(world: World, what: str) -> None:
    row, way, last = TABLE[what], TABLE[what].web, AuditEntry.objects.latest("pk").pk
    assert isinstance(way, Told)
    way.act(world)
    told = told_since(last, row, way, "web")
    assert {one.address for one in told} == {"127.0.0.1"}
    actor = getattr(world, way.by) if way.by else None
    assert {(one.actor, one.actor_name) for one in told} == {(actor, str(actor) if actor else "")}
    check_old_and_new(told)


@pytest.mark.parametrize("what", BY_COMMAND)
def test_c28_c29_a_deed_by_a_command_is_told_with_its_name(
    world: World, what: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    row, way = TABLE[what], TABLE[what].command
    assert isinstance(way, Run)
    way.before(world)
    last, line = AuditEntry.objects.latest("pk").pk, way.what(world, tmp_path)
    monkeypatch.setattr(sys, "argv", ["manage.py", *line])
    # A command closes its connections when it ends; this one is the test's own.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    manage.main()
    is_ours = get_commands()[line[0]] in {"units", "reports.records"}
    told = told_since(last, row, way, " ".join(["command", *line[: 2 if is_ours else 1]]))
    assert {(one.actor, one.address) for one in told} == {(None, None)}


@pytest.mark.parametrize("what", BY_TASK)
def test_c28_c29_a_deed_of_a_task_is_told_with_its_name(world: World, what: str) -> None:
    row, way = TABLE[what], TABLE[what].task
    assert isinstance(way, Run)
    way.before(world)
    last = AuditEntry.objects.latest("pk").pk
    way.what()  # type: ignore[call-arg]
    told = told_since(last, row, way, f"task {way.what.name}")  # type: ignore[union-attr]
    assert {(one.actor, one.address) for one in told} == {(None, None)}


def test_c28_every_kind_of_deed_is_in_the_table() -> None:
    assert {row.deed for row in TABLE.values()} == set(Deed)
    assert all(
        any(isinstance(way, Told | Run) for way in (row.web, row.command, row.task)) or row.deed is Deed.PURGE
        for row in TABLE.values()
    )
