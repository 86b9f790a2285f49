"""Make the weekly digests that are due."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Protocol

from celery import shared_task
from django.utils import timezone

from reports.campaigns.models import Campaign
from reports.digests.making import ensure_digests
from reports.digests.outside import ensure_outside_mails
from reports.digests.robots.telling import ensure_robot_messages
from tasks.isolation import for_each


@shared_task(name="tasks.make_digests", ignore_result=True)
def make_digests() -> None:
    """Make every digest whose moment has come, once per reader and period."""
    now = timezone.now()
    campaigns = {campaign.pk: campaign for campaign in Campaign.objects.all()}
    for make in (ensure_digests, ensure_outside_mails, ensure_robot_messages):
        for_each(campaigns, partial(_make, make, campaigns, now), name="tasks.make_digests")


class Maker(Protocol):
    """A verb that queues what is due of one campaign."""

    def __call__(self, campaign: Campaign, *, now: dt.datetime) -> int: ...


def _make(make: Maker, campaigns: Mapping[int, Campaign], now: dt.datetime, campaign_id: int) -> None:
    """Make what is due of one campaign."""
    make(campaigns[campaign_id], now=now)
