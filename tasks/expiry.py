"""Drop what was kept for a while only."""

from celery import shared_task
from django.utils import timezone

from reports.records import keeping
from reports.weekly import keeping as weekly_keeping
from units.importing import uploads


@shared_task(name="tasks.expire_uploads", ignore_result=True)
def expire_uploads() -> None:
    """Drop the lists that were handed in for an import and neither imported nor replaced within an hour."""
    uploads.expire()


@shared_task(name="tasks.expire_unsent", ignore_result=True)
def expire_unsent() -> None:
    """Drop what was typed into a form or a report 30 days ago and neither sent nor opened again."""
    keeping.expire(timezone.now())
    weekly_keeping.expire(timezone.now())
