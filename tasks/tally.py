"""Work off the marks: the figure moves within seconds of the approval."""

from celery import shared_task

from reports.records.counting import count
from reports.statistics.tallying import BATCH, stale_campaign_ids, tally
from tasks.isolation import for_each

# A run ends itself long before the broker would hand the message out again (600 s).
MAX_ROUNDS = 50


@shared_task(name="tasks.tally", ignore_result=True)
def tally_marks() -> None:
    """Work off the marks of every campaign, batch by batch; the clock goes on with what is left."""
    for_each(stale_campaign_ids(), _tally, name="tasks.tally")


def _tally(campaign_id: int) -> None:
    """Work off the marks of one campaign."""
    for _round in range(MAX_ROUNDS):
        if tally(campaign_id, count=count) < BATCH:
            break
