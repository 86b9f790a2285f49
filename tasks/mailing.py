"""Send what is owed by mail."""

from celery import shared_task

from units import mail

# Longer would keep a worker from the statistics; the next tick goes on with what is left.
SECONDS = 60


@shared_task(name="tasks.send_mail", ignore_result=True)
def send_mail() -> None:
    """Try every mail that is due; one that fails holds up no other."""
    mail.deliver_due(seconds=SECONDS)
