"""Ask once a night whether the totals are what the records say."""

import logging

from celery import shared_task

from reports.campaigns.models import Campaign
from reports.records.counting import count_all
from reports.statistics.repairing import repair
from tasks.isolation import for_each

logger = logging.getLogger(__name__)


@shared_task(name="tasks.verify_statistics", ignore_result=True)
def verify_statistics() -> None:
    """Compare every campaign's totals with its records; mend what differs and raise an alarm."""
    for_each(
        Campaign.objects.order_by("pk").values_list("pk", flat=True), _verify, name="tasks.verify_statistics"
    )


def _verify(campaign_id: int) -> None:
    """Verify one campaign."""
    n_wrong = repair(Campaign.objects.get(pk=campaign_id), count_all=count_all)
    if n_wrong:
        logger.error(
            "The statistics of campaign %s were wrong in %s cells and are mended.", campaign_id, n_wrong
        )
