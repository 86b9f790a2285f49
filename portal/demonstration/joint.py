"""The demonstration's joint events: one for all units, and one of two schools that names a third."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.demonstration.activity import SEED, Stage, make_content
from portal.demonstration.lives import Life, told
from reports.campaigns.designing import design_of, version_of
from reports.records.models import ActivityRecord, CoHost, JointEvent
from reports.records.sharing import companion_design, without_shared
from reports.records.states import Verb
from units import registry
from units.models import Unit

APPROVED = [Verb.EDIT, Verb.SUBMIT, Verb.APPROVE]


@dataclass(frozen=True, slots=True)
class Plan:
    """One event: its host, who has joined, who is named and has not, and what it was."""

    title: str
    place: str
    host: Unit
    joined: list[Unit]
    named: list[Unit]
    days_ago: int


def plans(stage: Stage) -> list[Plan]:
    """Return the two events; to the shown school both are open to join."""
    units = [unit for unit in stage.places.reporting if unit != stage.places.show_case and not unit.opened_on]
    return [
        Plan("全市教育系统主题教育宣讲报告会", "市民文化中心大剧院", units[0], units[1:8], [], 8),
        Plan("片区青年教师联合宣讲", "区教师进修学校", units[9], [units[10]], [stage.places.show_case], 9),
    ]


def joint_lives(stage: Stage) -> Iterator[Life]:
    """Yield the records of the events: the host's with its sessions, the others' without."""
    chance = random.Random(f"{SEED} joint")
    kind = stage.frame.types["lecture"]
    design = design_of(kind)
    for plan in plans(stage):
        held_on = stage.today - dt.timedelta(days=plan.days_ago)
        for unit in [plan.host, *plan.joined]:
            made = make_content(unit, "lecture", held_on, chance)
            content = replace(made, title=plan.title, place=plan.place)
            if unit != plan.host:
                content = without_shared(content, design)
            begun = dt.datetime.combine(held_on, dt.time(16), stage.frame.campaign.zone)
            yield told(stage.scene(unit, "lecture"), content, APPROVED, begun, chance)


def bind(stage: Stage, records: list[ActivityRecord]) -> None:
    """Announce the events and make the records part of them."""
    kind = stage.frame.types["lecture"]
    form = version_of(kind, companion_design(design_of(kind)))
    for plan in plans(stage):
        event = JointEvent(
            activity_type=kind,
            host=plan.host,
            held_on=stage.today - dt.timedelta(days=plan.days_ago),
            title=plan.title,
            place=plan.place,
            is_for_all=not plan.named,
            founded_at=stage.now,
        )
        registry.enter(event, actor=None, unit=plan.host)
        for unit in [*plan.joined, *plan.named]:
            CoHost.objects.create(event=event, unit=unit)
        for record in records:
            if record.title == plan.title:
                is_hosting = record.unit == plan.host
                shown = record.form_id if is_hosting else form.pk
                ActivityRecord.objects.filter(pk=record.pk).update(
                    event=event, seat=record.unit, is_hosting=is_hosting, form=shown
                )
