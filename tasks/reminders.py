"""Say what is due, what is overdue and what was returned."""

from celery import shared_task
from django.utils import timezone

from reports.campaigns.models import Campaign
from reports.digests.reminding import ensure_reminders
from reports.digests.returning import ensure_return_mails
from tasks.isolation import for_each


@shared_task(name="tasks.make_reminders", ignore_result=True)
def make_reminders() -> None:
    """Make every mail about a deadline whose moment has come, once per person and deadline."""
    now = timezone.now()
    campaigns = {campaign.pk: campaign for campaign in Campaign.objects.all()}
    for_each(campaigns, lambda pk: ensure_reminders(campaigns[pk], now=now), name="tasks.make_reminders")


@shared_task(name="tasks.make_return_mails", ignore_result=True)
def make_return_mails() -> None:
    """Tell each person, in one mail for a few minutes' returns, what was sent back to them."""
    ensure_return_mails(now=timezone.now())
