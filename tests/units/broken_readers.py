"""Broken rows of readers without an account: people outside, robots and their messages."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models

from reports.digests.models import OutsideRecipient, Robot, RobotMessage
from tests.personas import World
from units.models import Team

ADDRESS = "https://open.feishu.cn/open-apis/bot/v2/hook/t"


def guest(world: World, **facts: object) -> models.Model:
    """Return an unsaved outside recipient with other facts."""
    return OutsideRecipient(
        **({"campaign": world.campaign, "name": "督学", "address": "g@example.org"} | facts)
    )


def robot(_world: World, **facts: object) -> Robot:
    """Return an unsaved robot with other facts."""
    return Robot(
        **({"team": Team.objects.get(), "kind": "feishu", "address": ADDRESS, "ending": "k/t"} | facts)
    )


def guest_twice(world: World) -> models.Model:
    """Return a second row for the same address, written in another case."""
    guest(world).save()
    return guest(world, address="G@example.org")


def robot_twice(world: World) -> models.Model:
    """Return the same robot once more."""
    robot(world).save()
    return robot(world)


def sent_without_moment(world: World) -> models.Model:
    """Return a message that was sent nobody knows when."""
    owner = robot(world)
    owner.save()
    return RobotMessage(key="k", robot=owner, text="t", state="sent")


BROKEN_READERS: dict[str, Callable[[World], models.Model]] = {
    "outside_recipient_once": guest_twice,
    "outside_recipient_has_address": lambda w: guest(w, address=""),
    "robot_address_once": robot_twice,
    "robot_address_is_https": lambda w: robot(w, address="http://open.feishu.cn/"),
    "robot_message_sent_has_moment": sent_without_moment,
}
