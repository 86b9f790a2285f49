"""Submitting: whose units, and which day is too early."""

from __future__ import annotations

import datetime as dt

import pytest

from reports.campaigns.designing import design_of
from reports.records import workflow
from reports.records.content import gaps
from tests.personas import World, person
from units.roles import HEAD, LIAISON
from units.rules import RuleError


def test_tomorrow_is_no_submission(world: World) -> None:
    tomorrow = world.content(held_on=world.today + dt.timedelta(days=1))
    found = gaps(tomorrow, design_of(world.lecture), today=world.today)
    assert [(gap.code, gap.field) for gap in found] == [("future", "held_on")]


def test_a_head_who_also_reports_may_do_both_for_their_own_unit_alone(world: World) -> None:
    both = person("both", "兼任", (HEAD, world.school), (LIAISON, world.school), unit=world.school)
    record = workflow.create(world.school, world.lecture, world.content(), actor=both)
    assert workflow.submit(record, actor=both).submitted_by == both
    with pytest.raises(RuleError):
        workflow.create(world.other_school, world.lecture, world.content(), actor=both)
