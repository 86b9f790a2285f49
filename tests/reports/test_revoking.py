"""A role that is taken back counts at the next step of whatever runs."""

from __future__ import annotations

from celery import shared_task

from reports.records import workflow
from reports.records.models import ActivityRecord
from reports.records.states import Status
from tests.personas import World
from units.accounts import dismiss
from units.models import Account
from units.roles import REVIEWER
from units.rules import RuleError


def test_c21_a_role_taken_back_counts_inside_a_running_task(world: World) -> None:
    first, second = world.submitted(), world.submitted(title="第二场")
    refused: list[str] = []

    @shared_task(name="tests.approve_in_turn")
    def approve_in_turn(actor_pk: int, numbers: list[int]) -> None:
        actor = Account.objects.get(pk=actor_pk)
        assert actor.has_module_perms("records") in {True, False}  # what an account remembers is loaded now
        for number in numbers:
            try:
                workflow.approve(ActivityRecord.objects.get(pk=number), actor=actor)
            except RuleError as error:
                refused.append(error.code)
            dismiss(Account.objects.get(pk=actor_pk), REVIEWER, actor=None, unit=world.bureau)

    approve_in_turn.apply(args=(world.reviewer.pk, [first.pk, second.pk])).get()
    assert refused == ["not_yours"]
    statuses = [ActivityRecord.objects.get(pk=one.pk).status for one in (first, second)]
    assert statuses == [Status.APPROVED, Status.SUBMITTED]
