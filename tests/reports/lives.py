"""Random lives of a three-level tree, and a count by hand to hold its totals against."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from reports.campaigns.designing import design_of
from reports.campaigns.models import ActivityType, Campaign, Indicator, Period
from reports.records import bulk, joining, workflow
from reports.records.content import Content
from reports.records.counting import count, count_all
from reports.records.models import ActivityRecord, JointEvent
from reports.records.sharing import fitting, without_shared
from reports.records.states import Status
from reports.reorganisation import merging
from reports.statistics.ledger import Values
from reports.statistics.models import Cell
from reports.statistics.tallying import tally
from reports.statistics.verifying import verify
from tests.personas import World, explained, unit
from units import tree
from units.accounts import appoint
from units.models import Unit
from units.roles import LIAISON
from units.rules import RuleError

Book = dict[tuple[int, int, int | None], Values]


def by_hand(campaign: Campaign) -> tuple[Book, Book]:
    """Count own and total of every cell from the records and the parents, with no code of the ledger."""
    parent = dict(Unit.objects.values_list("pk", "parent"))
    whole = Period.objects.get(campaign=campaign, number=0).pk
    own: defaultdict[tuple[int, int, int | None], defaultdict[str, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    total: defaultdict[tuple[int, int, int | None], defaultdict[str, int]] = defaultdict(
        lambda: defaultdict(int)
    )
    shared = set(Indicator.objects.filter(is_shared=True).values_list("activity_type", "code"))
    for record in ActivityRecord.objects.filter(period__campaign=campaign, status=Status.APPROVED.value):
        for code, value in {**record.values, "records": 1}.items():
            is_once = (record.activity_type_id, code) in shared
            if is_once and record.event_id is not None and not record.is_hosting:
                continue
            for period in (record.period_id, whole):
                for activity_type in (record.activity_type_id, None):
                    own[record.unit_id, period, activity_type][code] += value
                    at: int | None = record.unit_id
                    while at is not None:
                        total[at, period, activity_type][code] += value
                        at = parent[at]
    return _plain(own), _plain(total)


def _plain(book: defaultdict[tuple[int, int, int | None], defaultdict[str, int]]) -> Book:
    """Return the book without zeros."""
    return {key: {code: number for code, number in values.items() if number} for key, values in book.items()}


def stored(campaign: Campaign) -> tuple[Book, Book]:
    """Return own and total of every cell that is not empty."""
    cells = list(Cell.objects.filter(period__campaign=campaign))
    keys = {cell.pk: (cell.unit_id, cell.period_id, cell.activity_type_id) for cell in cells}
    return (
        {keys[cell.pk]: cell.own for cell in cells if cell.own},
        {keys[cell.pk]: cell.total for cell in cells if cell.total},
    )


def assert_true(campaign: Campaign) -> None:
    """Assert that the stored totals are those counted by hand, and that verify says so too."""
    assert stored(campaign) == by_hand(campaign)
    assert verify(campaign, count_all(campaign)) == []


@dataclass
class Life:
    """A random life of a three-level tree: verbs, moves, retirements and tallies in any order."""

    world: World
    dice: random.Random
    units: list[Unit] = field(default_factory=list)
    types: list[ActivityType] = field(default_factory=list)

    @classmethod
    def begin(cls, world: World, seed: int) -> Life:
        """Plant two offices with schools below and a second type, and let one person report for all."""
        offices = [unit(f"D{n}", f"学区{n}", "office", world.bureau) for n in range(2)]
        schools = [unit(f"N{n}", f"新校{n}", "school", offices[n % 2]) for n in range(4)]
        course = ActivityType.objects.create(campaign=world.campaign, code="course", name="专题党课")
        Indicator.objects.create(
            activity_type=course, code="sessions", name="场次", minimum=0, is_shared=True
        )
        Indicator.objects.create(activity_type=course, code="points", name="学时", minimum=-50, decimals=2)
        appoint(world.liaison, LIAISON, actor=None, unit=world.bureau)
        every = [world.school, world.other_school, *offices, *schools]
        return cls(world, random.Random(seed), every, [world.lecture, course])

    def step(self) -> None:
        """Do one random thing."""
        often: list[Callable[[], object]] = [self.add, self.decide, self.decide, self.tally]
        seldom: list[Callable[[], object]] = [self.undo, self.correct, self.move, self.retire, self.sweep]
        jointly: list[Callable[[], object]] = [self.share, self.join, self.join, self.leave, self.merge]
        self.dice.choice(often * 3 + seldom + jointly * 2)()

    def add(self) -> ActivityRecord:
        """Submit a new record somewhere, some day."""
        offered = [each for each in self.types if not each.is_retired] or [self.world.lecture]
        held_on = self.world.today - dt.timedelta(days=self.dice.randrange(15))
        content = self.world.content(held_on=held_on)
        chosen = self.dice.choice(offered)
        values = {
            indicator.code: self.dice.choice([indicator.minimum, 0, 1, 7, 120])
            for indicator in chosen.indicators.asked()
        }
        values = {code: max(1, v) if code == "sessions" else v for code, v in values.items()}
        content = self.world.content(held_on=held_on, values=values)
        actor = self.world.liaison
        at = Unit.objects.get(pk=self.dice.choice(self.units).pk)
        content = explained(at, chosen, content)
        return workflow.submit(workflow.create(at, chosen, content, actor=actor), actor=actor)

    def some(self, status: Status) -> ActivityRecord | None:
        """Return a random record in a status."""
        found = list(ActivityRecord.objects.filter(status=status.value).order_by("pk"))
        return self.dice.choice(found) if found else None

    def decide(self) -> None:
        """Approve or return something that waits."""
        record = self.some(Status.SUBMITTED)
        if record is not None and self.dice.random() < 0.8:
            workflow.approve(record, actor=self.world.reviewer)
        elif record is not None:
            workflow.send_back(record, actor=self.world.reviewer, note="缺")

    def undo(self) -> None:
        """Take an approved record back."""
        record = self.some(Status.APPROVED)
        if record is not None:
            workflow.reopen(record, actor=self.world.reviewer, note="更正")

    def correct(self) -> None:
        """Change an approved record's numbers and week; the count of records stays."""
        record = self.some(Status.APPROVED)
        if record is None:
            return
        workflow.reopen(record, actor=self.world.reviewer, note="更正")
        values = {code: value + self.dice.choice([0, 1, 1000]) for code, value in record.values.items()}
        held_on = self.world.today - dt.timedelta(days=self.dice.randrange(15))
        content = self.world.content(values=values, held_on=held_on)
        if record.is_companion:
            content = without_shared(content, design_of(record.activity_type))
        content = explained(record.unit, record.activity_type, content, record)
        workflow.edit(record, content, actor=self.world.liaison)
        workflow.submit(record, actor=self.world.liaison)
        workflow.approve(record, actor=self.world.reviewer)

    def sweep(self) -> None:
        """Approve all that waits at once."""
        waiting = ActivityRecord.objects.filter(status=Status.SUBMITTED.value).values_list("pk", flat=True)
        bulk.approve_many(list(waiting), actor=self.world.reviewer)

    def share(self) -> None:
        """Make a joint event of some record, for a few units or for all."""
        record = self.some(self.dice.choice([Status.SUBMITTED, Status.APPROVED, Status.RETURNED]))
        if record is None or record.event_id is not None:
            return
        event = joining.found(record, actor=self.world.liaison, co_hosts=self.dice.sample(self.units, 3))
        JointEvent.objects.filter(pk=event.pk).update(is_for_all=self.dice.random() < 0.5)

    def join(self) -> None:
        """Let some unit join some event and hand in its attendances."""
        events = list(JointEvent.objects.order_by("pk"))
        if not events:
            return
        event, actor = self.dice.choice(events), self.world.liaison
        named = list(event.co_hosts.order_by("pk")) if self.dice.random() < 0.7 else self.units
        at = Unit.objects.get(pk=self.dice.choice(named or self.units).pk)
        if at.closed_on is not None:
            return
        try:
            record = joining.join(event, at, actor=actor, key=uuid.uuid4())
        except RuleError as refused:
            if refused.code not in {"not_invited", "event_closed", "type_retired"}:
                raise
            return
        if record.is_editable:
            asked = fitting(design_of(record.activity_type), record).asks
            values = {ask.code: max(ask.minimum, self.dice.choice([1, 7, 120])) for ask in asked}
            content = replace(Content.of(record), title=record.title or "联合", values=values)
            content = explained(record.unit, record.activity_type, content, record)
            workflow.edit(record, content, actor=actor)
            workflow.submit(record, actor=actor)

    def leave(self) -> None:
        """Let some returned record leave its event, if it may."""
        joined = ActivityRecord.objects.filter(event__isnull=False, status=Status.RETURNED.value)
        record = joined.order_by("pk").first()
        if record is None:
            return
        try:
            joining.leave(record, actor=self.world.liaison)
        except RuleError as refused:
            if refused.code != "host_stays":
                raise

    def merge(self) -> None:
        """Merge a school into another, once in a life; what both had of one event stays."""
        old, new = (Unit.objects.get(pk=one.pk) for one in (self.units[-1], self.units[4]))
        if old.closed_on is not None or old.children.exists() or self.dice.random() < 0.7:
            return
        merging.merge(old, new, on=self.world.today + dt.timedelta(days=1), actor=None)

    def tally(self) -> None:
        """Work off some marks."""
        tally(self.world.campaign.pk, count=count, batch=self.dice.choice([1, 2, 5, 1000]))

    def move(self) -> None:
        """Put a school under the bureau, an office or another school."""
        moved = Unit.objects.get(pk=self.dice.choice(self.units[4:]).pk)
        below = self.dice.choice([self.world.bureau, *self.units[:4]])
        tree.move(moved, Unit.objects.get(pk=below.pk), actor=None)

    def retire(self) -> None:
        """Retire or revive the second type; what it counted stays counted."""
        self.types[1].is_retired = not self.types[1].is_retired
        self.types[1].save()
