"""Send what group robots are to say."""

from celery import shared_task

from reports.digests.robots import sending

# Longer would keep a worker from the statistics; the next tick goes on with what is left.
SECONDS = 60


@shared_task(name="tasks.send_robot_messages", ignore_result=True)
def send_robot_messages() -> None:
    """Try every message to a group that is due; one that fails holds up no other."""
    sending.deliver_due(seconds=SECONDS)
