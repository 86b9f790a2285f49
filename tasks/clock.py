"""One beat entry per kind of work; each reads rows to see what is due: twice is once, late is in time."""

from celery import shared_task
from django.utils import timezone

from reports.campaigns.models import Campaign
from reports.campaigns.opening import ensure_periods
from reports.weekly.obligations import ensure_reports


@shared_task(name="tasks.open_periods", ignore_result=True)
def open_periods() -> None:
    """Make the periods that have begun and what each unit owes for them."""
    now = timezone.now()
    for campaign in Campaign.objects.all():
        ensure_periods(campaign, now=now)
        ensure_reports(campaign, now=now)
