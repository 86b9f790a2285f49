"""Readers without an account, for the matrix: somebody outside, a robot and what it said."""

from __future__ import annotations

from django.db import models

from reports.digests.models import OutsideRecipient, Robot, RobotMessage
from tests.personas import World
from units.models import Team


def readers(world: World) -> dict[str, models.Model]:
    """Store one of each and return them by kind."""
    webhook = "https://open.feishu.cn/open-apis/bot/v2/hook/t"
    robot = Robot.objects.create(team=Team.objects.get(), kind="feishu", address=webhook, ending="ok/t")
    guest = {"campaign": world.campaign, "name": "督学", "address": "guest@example.org"}
    return {
        "guest": OutsideRecipient.objects.create(**guest),
        "robot": robot,
        "message": RobotMessage.objects.create(key="matrix", robot=robot, text="t"),
    }
