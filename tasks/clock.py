"""One beat entry per kind of work; each reads rows to see what is due: twice is once, late is in time."""

from celery import shared_task
from django.utils import timezone

from reports.campaigns.models import Campaign
from reports.campaigns.opening import ensure_periods
from reports.weekly.by_records import ensure_filed_by_records
from reports.weekly.obligations import ensure_reports, withdraw_reports
from tasks.isolation import for_each


@shared_task(name="tasks.open_periods", ignore_result=True)
def open_periods() -> None:
    """Make the periods that have begun and what each unit owes for them; take back what is owed no more.

    Where records alone are asked for, file what they have filed.
    """
    now = timezone.now()
    campaigns = {campaign.pk: campaign for campaign in Campaign.objects.all()}

    def open_one(campaign_id: int) -> None:
        ensure_periods(campaigns[campaign_id], now=now)
        withdraw_reports(campaigns[campaign_id])
        ensure_reports(campaigns[campaign_id], now=now)
        ensure_filed_by_records(campaigns[campaign_id])

    for_each(campaigns, open_one, name="tasks.open_periods")


@shared_task(name="tasks.look_back", ignore_result=True)
def look_back() -> None:
    """Make what units owe for periods that are closed already, as after an opening with a day in the past."""
    now = timezone.now()
    campaigns = {campaign.pk: campaign for campaign in Campaign.objects.all()}
    for_each(
        campaigns, lambda pk: ensure_reports(campaigns[pk], now=now, looks_back=True), name="tasks.look_back"
    )
