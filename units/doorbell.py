"""Ring for a background task once the present transaction has committed.

The row is the truth and the message only a doorbell: when the broker is down nothing is lost,
because the clock's next tick finds the row.
"""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(task_name: str) -> None:
    """Ask for one run of the task named `task_name` after the commit; never raises."""
    waiting = transaction.get_connection().run_on_commit
    if any(getattr(entry[1], "task_name", None) == task_name for entry in waiting):
        return
    transaction.on_commit(_Ring(task_name))


class _Ring:
    """One pending ring; knows its task so that a transaction rings once for each."""

    def __init__(self, task_name: str) -> None:
        self.task_name = task_name

    def __call__(self) -> None:
        try:
            current_app.send_task(self.task_name)
        except (OperationalError, OSError):
            logger.warning("The broker did not take %s; the next tick will find the work.", self.task_name)
