"""What the trail has to tell of those who read by mail or in a group."""

from __future__ import annotations

from typing import Any

from django.test import Client

from reports.digests.models import OutsideRecipient, Robot, RobotMessage
from reports.digests.subscribing import token_of
from tests.personas import World
from tests.portal.identity_steps import browser_of
from tests.units.trail_ways import Row, Told, admin, changed, post
from units.models import Deed, Team

GUEST, ROBOT, MESSAGE = "digests.outsiderecipient", "digests.robot", "digests.robotmessage"
WEBHOOK = "https://oapi.dingtalk.com/robot/send?access_token=t"


def guest(world: World) -> OutsideRecipient:
    """Store somebody outside."""
    facts = {"campaign": world.campaign, "name": "督学", "address": "g@example.org"}
    return OutsideRecipient.objects.create(**facts)


def entered(world: World) -> Any:
    """Enter somebody outside."""
    form = {"campaign": world.campaign.pk, "name": "督学", "address": "g@example.org", "language": "en"}
    return browser_of(world.administrator).post(admin("digests_outsiderecipient_add"), form)


def robot(_world: World) -> Robot:
    """Store a robot."""
    return Robot.objects.create(team=Team.objects.get(), kind="dingtalk", address=WEBHOOK, ending="en=t")


def unsubscribed(world: World) -> Any:
    """Follow the link of a mail."""
    return Client().post(f"/digests/unsubscribe/{token_of(guest(world))}/")


def message_again(world: World) -> Any:
    """Send a failed message once more."""
    row = RobotMessage.objects.create(key="k", robot=robot(world), text="t", state="failed")
    form = {"action": "send_again", "_selected_action": row.pk}
    return post(world, "administrator", admin("digests_robotmessage_changelist"), **form)


def digest_again(world: World) -> Any:
    """Send one person's digest once more."""
    week = world.campaign.periods.get(number=1)
    form = {"period": week.pk, "person": world.liaison.pk}
    key = f"digest:{week.pk}:{world.liaison.pk}:again:1"
    return post(world, "administrator", "/admin/digests/preview/send/", key=key, **form)


READERS: dict[str, Row] = {
    "enter somebody outside": Row(
        Deed.CREATE,
        Told(
            entered,
            kind=GUEST,
        ),
    ),
    "change somebody outside": Row(
        Deed.CHANGE, Told(lambda w: changed(w, "digests_outsiderecipient", guest(w), name="新"), kind=GUEST)
    ),
    "unsubscribe from outside": Row(Deed.CHANGE, Told(unsubscribed, "", GUEST)),
    "enter a robot": Row(
        Deed.CREATE,
        Told(
            lambda w: post(
                w,
                "administrator",
                admin("digests_robot_add"),
                team=Team.objects.get().pk,
                kind="dingtalk",
                webhook=WEBHOOK,
                language="en",
            ),
            kind=ROBOT,
        ),
    ),
    "change a robot": Row(
        Deed.CHANGE, Told(lambda w: changed(w, "digests_robot", robot(w), language="en"), kind=ROBOT)
    ),
    "say something to a group again": Row(Deed.CHANGE, Told(message_again, kind=MESSAGE)),
    "send a digest once more": Row(Deed.CREATE, Told(digest_again, kind="units.mail")),
}
