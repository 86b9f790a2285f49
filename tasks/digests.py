"""Make the weekly digests that are due."""

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
        for_each(campaigns, lambda pk, make=make: make(campaigns[pk], now=now), name="tasks.make_digests")
