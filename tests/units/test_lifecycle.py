"""Amending, closing and opening again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tests.personas import World, unit
from units import lifecycle
from units.models import AuditEntry, Deed, Unit
from units.rules import RuleError


def test_closing_and_opening_again_is_audited(world: World) -> None:
    lifecycle.close(world.school, on=world.today, actor=world.administrator)
    assert not Unit.objects.get(code="S1").is_open_on(world.today)
    lifecycle.reopen(world.school, actor=world.administrator)
    assert Unit.objects.get(code="S1").is_open_on(world.today)
    day = world.today.isoformat()
    told = AuditEntry.objects.filter(deed=Deed.CHANGE, unit=world.school).order_by("id")
    assert [entry.changes for entry in told] == [{"closed_on": [None, day]}, {"closed_on": [day, None]}]
    assert {entry.actor for entry in told} == {world.administrator}


def test_refusals_change_nothing(world: World) -> None:
    young = unit("Y", "新校", "school", world.bureau, opened_on=world.today)
    Unit.objects.filter(pk=world.other_school.pk).update(closed_on=world.today, merged_into=world.school)
    deeds: list[tuple[str, Callable[[], object]]] = [
        ("closed_already", lambda: lifecycle.close(world.closed_school, on=world.today, actor=None)),
        ("before_opening", lambda: lifecycle.close(young, on=world.today, actor=None)),
        ("not_closed", lambda: lifecycle.reopen(world.school, actor=None)),
        ("merged", lambda: lifecycle.reopen(world.other_school, actor=None)),
    ]
    n_entries = AuditEntry.objects.count()
    for code, deed in deeds:
        with pytest.raises(RuleError) as refused:
            deed()
        assert refused.value.code == code
    assert AuditEntry.objects.count() == n_entries


def test_heads_need_the_day_on_which_they_were_counted(world: World) -> None:
    world.school.n_staff = 80
    with pytest.raises(RuleError) as refused:
        lifecycle.amend(world.school, ["n_staff"], actor=world.administrator)
    assert (refused.value.code, refused.value.field) == ("counted_on_missing", "counted_on")
    world.school.counted_on = dt.date(2026, 9, 1)
    lifecycle.amend(world.school, ["n_staff", "counted_on"], actor=world.administrator)
    entry = AuditEntry.objects.get(deed=Deed.CHANGE, unit=world.school)
    assert entry.changes == {"n_staff": [None, 80], "counted_on": [None, "2026-09-01"]}
