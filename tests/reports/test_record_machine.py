"""Any people, any verbs, in any order: the records keep to the table, and the figures to the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reports.campaigns.models import ActivityType
from reports.records import workflow
from reports.records.counting import count
from reports.records.models import ActivityRecord, Transition
from reports.records.states import Status
from reports.statistics.tallying import tally
from tests.personas import World
from tests.reports.lives import assert_true
from units.models import Account, AuditEntry
from units.rules import RuleError

PEOPLE = (
    "liaison",
    "head",
    "stranger",
    "reviewer",
    "second_reviewer",
    "team_member",
    "leader",
    "administrator",
    "auditor",
    "newcomer",
)
people = st.sampled_from(PEOPLE)
# The table once more, by hand: who, from where, to where.
UNIT, OFFICE = "unit", "office"
TABLE = {
    "edit": (UNIT, {"draft": "draft", "returned": "returned"}),
    "submit": (UNIT, {"draft": "submitted", "returned": "submitted"}),
    "void": (UNIT, {"draft": "void", "returned": "void"}),
    "approve": (OFFICE, {"submitted": "approved"}),
    "return": (OFFICE, {"submitted": "returned"}),
    "reopen": (OFFICE, {"approved": "returned"}),
}
# Close together, so that no number is doubtful: explanations have tests of their own.
attendances = st.integers(100, 250)
# What is open where, the likely verbs more often.
WAYS = {
    "draft": ["submit", "submit", "submit", "edit", "void"],
    "submitted": ["approve", "approve", "return"],
    "approved": ["reopen"],
    "returned": ["submit", "submit", "edit", "void"],
    "void": [],
}
REPORTS_FOR = {"liaison": "school", "stranger": "other_school"}
REVIEWS = {"reviewer", "second_reviewer"}


@dataclass
class Known:
    """What the machine knows of one record, apart from the database."""

    pk: int
    at: str
    status: str = "draft"
    version: int = 1
    submitter: str = ""
    endorser: str = ""
    old: list[ActivityRecord] = field(default_factory=list)


class Records(RuleBasedStateMachine):
    """Drives the verbs and holds every answer to the table above."""

    world: World
    # How often each verb was done over all examples, with one reviewer and with two.
    done: Counter[tuple[str, bool]]

    def __init__(self) -> None:
        super().__init__()
        self.known: list[Known] = []
        self.savepoint = transaction.savepoint()
        self.n_rows = self._count()

    def teardown(self) -> None:
        """Hold the figures to the records, then forget everything."""
        self.work_off()
        assert_true(self.world.campaign)
        transaction.savepoint_rollback(self.savepoint)

    @initialize(needs_two=st.booleans())
    def begin(self, needs_two: bool) -> None:
        """Begin with one draft of each school, in a campaign that asks for one reviewer or for two."""
        self.needs_two = needs_two
        ActivityType.objects.filter(pk=self.world.lecture.pk).update(needs_second_review=needs_two)
        self.world.lecture.refresh_from_db()
        self.add("liaison", "school", 120)
        self.add("stranger", "other_school", 120)

    @rule(who=people, at=st.sampled_from(["school", "other_school"]), onsite=attendances)
    def add(self, who: str, at: str, onsite: int) -> None:
        """Enter a draft; only who reports for the unit may."""
        content = self.world.content(place=at, values={"sessions": 1, "onsite": onsite})
        unit = getattr(self.world, at)
        made = self._try(lambda: workflow.create(unit, self.world.lecture, content, actor=self._person(who)))
        assert (made is not None) == (REPORTS_FOR.get(who) == at)
        if made is not None:
            self.known.append(Known(made.pk, at))
            self._changed(1)

    @precondition(lambda self: self.known)
    @rule(
        which=st.integers(0, 99),
        verb=st.sampled_from(sorted(TABLE)),
        who=people,
        onsite=attendances,
        is_stale=st.booleans(),
    )
    def step(self, which: int, verb: str, who: str, onsite: int, is_stale: bool) -> None:
        """Let anybody try any verb on any record, now and then on one that was read long ago."""
        known = self.known[which % len(self.known)]
        record = ActivityRecord.objects.get(pk=known.pk)
        stale = known.old.pop(0) if is_stale and known.old else None
        known.old.append(ActivityRecord.objects.get(pk=known.pk))
        target = self._expected(known, verb, who)
        # Before the deed, which moves the loaded row on.
        is_expected = target is not None and (stale is None or stale.version == known.version)
        done = self._try(lambda: self._do(verb, stale or record, who, onsite, known.at))
        assert (done is not None) == is_expected, (verb, who, known)
        if is_expected and target is not None:
            known.status, known.version = target, known.version + 1
            self._remember(known, verb, who)
            self.done[verb, self.needs_two] += 1
            self._changed(1)
        self._check(known)

    @precondition(lambda self: self.known)
    @rule(
        which=st.integers(0, 99),
        choices=st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=3, max_size=8),
        onsite=attendances,
    )
    def walk(self, which: int, choices: list[tuple[int, bool]], onsite: int) -> None:
        """Go several steps that the table allows, as people who may: what mere chance would seldom reach."""
        known = self.known[which % len(self.known)]
        for choice, is_second in choices:
            ways = WAYS[known.status]
            if ways:
                verb = ways[choice % len(ways)]
                reporter = "liaison" if known.at == "school" else "stranger"
                judge = "second_reviewer" if is_second else "reviewer"
                self.step(which, verb, reporter if TABLE[verb][0] == UNIT else judge, onsite, False)

    @rule()
    def work_off(self) -> None:
        """Let the tally run."""
        while tally(self.world.campaign.pk, count=count, batch=3):
            pass

    def _do(self, verb: str, record: ActivityRecord, who: str, onsite: int, place: str) -> ActivityRecord:
        """Call one verb."""
        actor = self._person(who)
        content = self.world.content(place=place, values={"sessions": 2, "onsite": onsite})
        verbs: dict[str, Callable[[], ActivityRecord]] = {
            "edit": lambda: workflow.edit(record, content, actor=actor),
            "submit": lambda: workflow.submit(record, actor=actor),
            "void": lambda: workflow.void(record, actor=actor),
            "approve": lambda: workflow.approve(record, actor=actor),
            "return": lambda: workflow.send_back(record, actor=actor, note="缺照片"),
            "reopen": lambda: workflow.reopen(record, actor=actor, note="更正"),
        }
        return verbs[verb]()

    def _expected(self, known: Known, verb: str, who: str) -> str | None:
        """Return the status that the table leads to; None where it says no."""
        side, moves = TABLE[verb]
        may = REPORTS_FOR.get(who) == known.at if side == UNIT else who in REVIEWS and who != known.submitter
        if verb == "approve" and may and known.status == "submitted":
            if known.endorser == who:
                return None
            if self.needs_two and not known.endorser:
                return "submitted"
        return moves.get(known.status) if may else None

    def _remember(self, known: Known, verb: str, who: str) -> None:
        """Keep who handed in and who endorsed; a new round begins without an endorser."""
        if verb == "submit":
            known.submitter, known.endorser = who, ""
        elif verb == "approve" and known.status == "submitted":
            known.endorser = who
        elif verb == "return":
            known.endorser = ""

    def _check(self, known: Known) -> None:
        """Hold the row and its steps to what is known."""
        stored = ActivityRecord.objects.get(pk=known.pk)
        assert (stored.status, stored.version) == (known.status, known.version)
        versions = Transition.objects.filter(record=stored).order_by("id").values_list("version", flat=True)
        assert list(versions) == list(range(1, known.version + 1))

    def _changed(self, n_changes: int) -> None:
        """Hold the books to one step and one row of the trail per change."""
        now = self._count()
        assert [b - a for a, b in zip(self.n_rows, now, strict=True)] == [n_changes, n_changes]
        self.n_rows = now

    def _count(self) -> list[int]:
        return [Transition.objects.count(), AuditEntry.objects.count()]

    def _person(self, who: str) -> Account:
        """Return one of the world's people."""
        account: Account = getattr(self.world, who)
        return account

    def _try(self, deed: Callable[[], Any]) -> Any:
        """Return what a verb gives; None where it refuses, which leaves nothing behind."""
        before = self._count()
        try:
            with transaction.atomic():
                return deed()
        except RuleError:
            assert self._count() == before
            return None


@pytest.mark.parametrize("n_examples", [40])
def test_any_sequence_of_verbs_keeps_the_books(world: World, n_examples: int) -> None:
    Records.world, Records.done = world, Counter()
    assert {status.value for status in Status} == {"draft", "submitted", "approved", "returned", "void"}
    run_state_machine_as_test(
        Records,
        settings=settings(
            max_examples=n_examples,
            stateful_step_count=25,
            deadline=None,
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    assert {verb for verb, _needs_two in Records.done} == set(TABLE)
    assert {needs_two for verb, needs_two in Records.done if verb == "approve"} == {False, True}
