"""Any people, any verbs, in any order: a report keeps to the table, with one step and one audit row each."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from reports.campaigns.models import Campaign
from reports.weekly import extending, filing, reviewing, signing
from reports.weekly.models import ReportStep, Standing, WeeklyReport
from tests.personas import World
from tests.reports.reports_owed import again, owed
from units.accounts import appoint
from units.models import Account, AuditEntry
from units.roles import LIAISON
from units.rules import RuleError

PEOPLE = ("liaison", "head", "stranger", "reviewer", "second_reviewer", "leader", "administrator", "newcomer")
OWED, FILED, ACCEPTED, EXCUSED = "owed", "filed", "accepted", "excused"
# The table once more, by hand: who may, where from, where to. The second reviewer reports, too.
UNIT, HEAD, OFFICE = {"liaison", "second_reviewer"}, {"head"}, {"reviewer", "second_reviewer"}
TABLE: dict[str, tuple[set[str], dict[str, str]]] = {
    "file": (UNIT, {OWED: FILED}),
    "zero": (UNIT, {OWED: FILED}),
    "return": (OFFICE, {FILED: OWED}),
    "accept": (OFFICE, {FILED: ACCEPTED}),
    "reopen": (OFFICE, {ACCEPTED: FILED, EXCUSED: OWED}),
    "excuse": (OFFICE, {OWED: EXCUSED}),
    "extend": (OFFICE, {OWED: OWED}),
    "sign": (HEAD, {FILED: FILED, ACCEPTED: ACCEPTED}),
    "ask": (UNIT | HEAD, {OWED: OWED}),
    "refuse": (OFFICE, {OWED: OWED}),
}
JUDGING = {"return", "accept", "reopen"}
ANSWERING = {"refuse", "excuse", "extend"}


class Reports(RuleBasedStateMachine):
    """Drives the verbs and holds every answer to the table above."""

    world: World
    done: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        """Forget everything."""
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def begin(self) -> None:
        """Begin with a report that is owed; nobody has asked, signed or filed."""
        self.report = owed(self.world)
        self.state, self.filer, self.asker, self.is_signed = OWED, "", "", False
        self.old = [again(self.report)]
        self.version = self.report.version
        self.n_deeds = self._deeds()

    @rule(
        verb=st.sampled_from(sorted(TABLE)),
        who=st.sampled_from(PEOPLE),
        is_stale=st.booleans(),
    )
    def step(self, verb: str, who: str, is_stale: bool) -> None:
        """Let anybody try any verb, now and then on a report that was read long ago."""
        report = self.old.pop(0) if is_stale and self.old else again(self.report)
        is_stale = report.version != self.version
        self.old.append(again(self.report))
        target = None if is_stale else self._expected(verb, who)
        done = self._try(lambda: self._do(verb, report, getattr(self.world, who)))
        assert done == (target is not None), (verb, who, self.state)
        if target is not None:
            self._remember(verb, who, target)
            self.done[verb] += 1
        self._check()

    @rule(choices=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=3, max_size=10))
    def walk(self, choices: list[tuple[int, int]]) -> None:
        """Go several steps that are open: what mere chance would seldom reach."""
        for way, by in choices:
            ways = [
                (verb, who)
                for verb in sorted(TABLE)
                for who in sorted(TABLE[verb][0])
                if self._expected(verb, who)
            ]
            verbs = sorted({verb for verb, _who in ways})
            verb = verbs[way % len(verbs)]
            people = [who for one, who in ways if one == verb]
            self.step(verb, people[by % len(people)], False)

    def _expected(self, verb: str, who: str) -> str | None:
        """Return the state that the table leads to; None where it says no."""
        people, ways = TABLE[verb]
        if who not in people or self.state not in ways:
            return None
        if verb in JUDGING and self.state != EXCUSED and who == self.filer:
            return None
        if verb in ANSWERING and who == self.asker:
            return None
        if (verb == "ask" and self.asker) or (verb == "refuse" and not self.asker):
            return None
        return None if verb == "sign" and self.is_signed else ways[self.state]

    def _remember(self, verb: str, who: str, target: str) -> None:
        """Note what has become of the report."""
        self.state, self.version, self.n_deeds = target, self.version + 1, self.n_deeds + 1
        if verb in {"file", "zero"}:
            self.filer = who
        if verb == "ask":
            self.asker = who
        elif verb in {"file", "zero", *ANSWERING}:
            self.asker = ""
        self.is_signed = verb == "sign" or (self.is_signed and verb != "return")

    def _check(self) -> None:
        """Hold the stored report, its steps and its audit rows to what is known."""
        report = again(self.report)
        standing = report.standing(timezone.now())
        states = {Standing.EXCUSED: EXCUSED, Standing.ACCEPTED: ACCEPTED}
        assert states.get(standing, OWED if report.filed_at is None else FILED) == self.state
        assert (report.version, self._deeds()) == (self.version, self.n_deeds)
        assert ReportStep.objects.filter(report=report).count() == self.version - self.report.version
        assert (report.signed_at is not None) == self.is_signed
        assert (report.asked_by.username if report.asked_by else "") == (
            getattr(self.world, self.asker).username if self.asker else ""
        )
        assert report.close_at >= report.due_at >= self.report.due_at

    def _do(self, verb: str, report: WeeklyReport, actor: Account) -> object:
        """Call the verb."""
        longer = report.due_at + dt.timedelta(hours=1)
        deeds: dict[str, Callable[[], object]] = {
            "file": lambda: filing.file(report, actor=actor, progress="完成。"),
            "zero": lambda: filing.file_zero(report, actor=actor, reason="停课。"),
            "return": lambda: reviewing.send_back(report, actor=actor, note="缺"),
            "accept": lambda: reviewing.accept(report, actor=actor),
            "reopen": lambda: reviewing.reopen(report, actor=actor, note="误"),
            "excuse": lambda: extending.excuse(report, actor=actor, note="停课"),
            "extend": lambda: extending.extend(report, actor=actor, due_at=longer, note="停电"),
            "sign": lambda: signing.sign(report, actor=actor),
            "ask": lambda: extending.ask(report, actor=actor),
            "refuse": lambda: extending.refuse(report, actor=actor, note="不行"),
        }
        return deeds[verb]()

    def _try(self, deed: Callable[[], object]) -> bool:
        """Say whether a deed was done; a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                deed()
        except RuleError:
            return False
        return True

    def _deeds(self) -> int:
        """Return how many audit rows the report has."""
        rows = AuditEntry.objects.filter(object_type="weekly.weeklyreport", object_id=str(self.report.pk))
        return rows.count()


@pytest.mark.django_db
def test_a_report_keeps_to_the_table_whatever_people_do(world: World) -> None:
    appoint(world.second_reviewer, LIAISON, actor=None, unit=world.school)
    Campaign.objects.filter(pk=world.campaign.pk).update(asks_signature=True)
    Reports.world, Reports.done = world, Counter()
    few = settings(
        max_examples=15,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(Reports, settings=few)
    assert set(Reports.done) == set(TABLE)
