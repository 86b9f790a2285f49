"""Show that the clock's messages reach a worker."""

from celery import shared_task

from units import heartbeat


@shared_task(name="tasks.heartbeat", ignore_result=True, expires=60)
def note_heartbeat() -> None:
    """Note that the clock, the broker and this worker are alive."""
    heartbeat.beat()
