"""Send what is owed by mail."""

from celery import shared_task
from django.utils import timezone

from units import mail


@shared_task(name="tasks.send_mail", ignore_result=True)
def send_mail() -> None:
    """Try every mail that is due; one that fails holds up no other."""
    for mail_id in mail.due_ids(timezone.now()):
        mail.deliver(mail_id)
