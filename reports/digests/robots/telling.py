"""What a team's robot says about the week, once."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils import timezone

from reports.campaigns.models import Campaign, Period
from reports.digests.building import overview
from reports.digests.contents import LeaderDigest
from reports.digests.facts import gather
from reports.digests.letters import SpeakingTo, tidy
from reports.digests.making import due_period
from reports.digests.models import Robot, RobotMessage
from reports.digests.readers import topmost
from reports.digests.robots.wording import shortened
from units import doorbell
from units.models import TeamUnit
from units.querysets import on_duty


def ensure_robot_messages(campaign: Campaign, *, now: dt.datetime) -> int:
    """Queue what each enabled robot should say about the week that is due; return how many are new.

    Queries: five when all is said already.
    """
    period = due_period(campaign, now)
    if period is None:
        return 0
    coverage = Prefetch("team__coverage", TeamUnit.objects.select_related("unit__kind"))
    enabled = Robot.objects.filter(on_duty("team", timezone.localdate()), is_enabled=True)
    owed = {f"digest:{period.pk}:{robot.pk}": robot for robot in enabled.prefetch_related(coverage)}
    for key in RobotMessage.objects.filter(key__in=owed).values_list("key", flat=True):
        del owed[key]
    units = {robot.pk: topmost(row.unit for row in robot.team.coverage.all()) for robot in owed.values()}
    if not any(units.values()):
        return 0
    facts = gather(period, (), now=now, overseen=[unit for those in units.values() for unit in those])
    messages = [
        RobotMessage(
            key=key, robot=robot, text=say(robot, period, overview(str(robot.team), units[robot.pk], facts))
        )
        for key, robot in owed.items()
        if units[robot.pk]
    ]
    # A second clock may have written the same key meanwhile: the constraint decides, silently.
    RobotMessage.objects.bulk_create(messages, ignore_conflicts=True)
    doorbell.ring("tasks.send_robot_messages")
    return len(messages)


def say(robot: Robot, period: Period, part: LeaderDigest) -> str:
    """Return the text of one week in the robot's language."""
    with SpeakingTo(robot.language, period.campaign.zone):
        facts = {"period": period, "part": part, "portal": settings.PORTAL_NAME}
        return shortened(tidy(render_to_string("digests/robot.txt", facts)))
