"""Drop what was kept for a while only."""

from celery import shared_task

from units.importing import uploads


@shared_task(name="tasks.expire_uploads", ignore_result=True)
def expire_uploads() -> None:
    """Drop the lists that were handed in for an import and neither imported nor replaced within an hour."""
    uploads.expire()
