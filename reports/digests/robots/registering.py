"""The verbs on robots and their messages; the trail holds no word of an address or secret."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone

from reports.digests.models import Robot, RobotMessage
from reports.digests.robots.hosts import check_address
from units import audit, authority, doorbell
from units.models import Account, Deed

SHOWN = ("team_id", "kind", "ending", "language", "is_enabled")


@transaction.atomic
def configure(robot: Robot, *, actor: Account | None) -> Robot:
    """Store a new robot or the changes of one.

    Raises: RuleError `not_yours`, `robot_address`, `robot_host`; ValidationError of a constraint.
    """
    authority.check(actor, "digests.change_robot" if robot.pk else "digests.add_robot")
    check_address(robot.address)
    robot.full_clean()
    # Locked, so that what is written down as old is what was overwritten.
    stored = Robot.objects.select_for_update().filter(pk=robot.pk).first() if robot.pk else None
    robot.save()
    if stored is None:
        facts: dict[str, object] = {name: getattr(robot, name) for name in SHOWN}
        audit.record(Deed.CREATE, actor=actor, subject=robot, changes=facts)
        return robot
    pairs = {name: [getattr(stored, name), getattr(robot, name)] for name in SHOWN}
    changes: dict[str, object] = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    for name in ("address", "secret"):
        if getattr(stored, name) != getattr(robot, name):
            changes[name] = ["…", "…"]
    if changes:
        audit.record(Deed.CHANGE, actor=actor, subject=robot, changes=changes)
    return robot


@transaction.atomic
def say_again(messages: models.QuerySet[RobotMessage], *, actor: Account) -> int:
    """Queue those of `messages` that failed for good once more; return how many."""
    authority.check(actor, "digests.change_robotmessage")
    failed = list(messages.filter(state=RobotMessage.State.FAILED).select_for_update(of=("self",)))
    n_queued = RobotMessage.objects.filter(pk__in=[one.pk for one in failed]).update(
        state=RobotMessage.State.WAITING, n_attempts=0, next_try_at=timezone.now()
    )
    audit.record_many(
        audit.entry(Deed.CHANGE, actor=actor, subject=one, changes={"state": ["failed", "waiting"]})
        for one in failed
    )
    if n_queued:
        doorbell.ring("tasks.send_robot_messages")
    return n_queued
