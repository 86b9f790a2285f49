"""Do one kind of work for every campaign; what is wrong with one holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from celery.exceptions import SoftTimeLimitExceeded

logger = logging.getLogger(__name__)


def for_each(campaign_ids: Iterable[int], work: Callable[[int], object], *, name: str) -> int:
    """Call `work` for each campaign and return how many failed; each failure is one line in the log.

    Whatever a campaign's data provokes, the others have a right to their turn, so this one place
    catches everything; the next tick tries again. Only the end of the task's own time goes through.
    """
    n_failed = 0
    for campaign_id in campaign_ids:
        try:
            work(campaign_id)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            n_failed += 1
            logger.exception("%s failed for campaign %s; the others go on.", name, campaign_id)
    return n_failed
