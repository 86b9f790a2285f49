"""Seal the audit trail, and raise the alarms that it gives reason for."""

from celery import shared_task
from django.db import IntegrityError

from units import alerts, sealing

# A run ends itself long before its time is over; the next tick goes on.
MAX_SEALS = 20


@shared_task(name="tasks.seal_audit", ignore_result=True)
def seal_audit() -> None:
    """Seal what is settled; a second clock that was quicker has done it already."""
    for _number in range(MAX_SEALS):
        try:
            n_rows = sealing.seal()
        except IntegrityError:
            # The unique link to the seal before: the other one's seal is there, and nothing is lost.
            return
        if n_rows < sealing.BATCH:
            return


@shared_task(name="tasks.raise_alerts", ignore_result=True)
def raise_alerts() -> None:
    """Look at what the trail says of the last day."""
    alerts.raise_alerts()
