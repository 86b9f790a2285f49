"""Make the weekly digests that are due."""

from celery import shared_task


@shared_task(name="tasks.make_digests", ignore_result=True)
def make_digests() -> None:
    """Make every digest whose moment has come, once per person and period."""
