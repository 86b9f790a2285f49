"""Make the weekly digests that are due."""

from celery import shared_task
from django.utils import timezone

from reports.campaigns.models import Campaign
from reports.digests.making import ensure_digests
from tasks.isolation import for_each


@shared_task(name="tasks.make_digests", ignore_result=True)
def make_digests() -> None:
    """Make every digest whose moment has come, once per person and period."""
    now = timezone.now()
    campaigns = {campaign.pk: campaign for campaign in Campaign.objects.all()}
    for_each(campaigns, lambda pk: ensure_digests(campaigns[pk], now=now), name="tasks.make_digests")
