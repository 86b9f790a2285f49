"""The work in the background: its modules, its clock, and how the broker is spoken to."""

from __future__ import annotations

from celery.schedules import crontab

IMPORTS = (
    "tasks.clock",
    "tasks.digests",
    "tasks.expiry",
    "tasks.files",
    "tasks.heartbeat",
    "tasks.mailing",
    "tasks.reminders",
    "tasks.robots",
    "tasks.tally",
    "tasks.trail",
    "tasks.verifying",
)

SCHEDULE: dict[str, dict[str, object]] = {
    "heartbeat": {"task": "tasks.heartbeat", "schedule": 5.0},
    "tally": {"task": "tasks.tally", "schedule": 3.0},
    "send mail": {"task": "tasks.send_mail", "schedule": 10.0},
    "send robot messages": {"task": "tasks.send_robot_messages", "schedule": 30.0},
    "open periods": {"task": "tasks.open_periods", "schedule": 60.0},
    "look back": {
        "task": "tasks.look_back",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 6 * 60 * 60},
    },
    "make digests": {"task": "tasks.make_digests", "schedule": 60.0},
    "make reminders": {"task": "tasks.make_reminders", "schedule": 60.0},
    "make return mails": {"task": "tasks.make_return_mails", "schedule": 60.0},
    "expire uploads": {"task": "tasks.expire_uploads", "schedule": 300.0},
    "expire unsent forms": {"task": "tasks.expire_unsent", "schedule": 3600.0},
    "seal audit": {"task": "tasks.seal_audit", "schedule": 60.0},
    "raise alerts": {"task": "tasks.raise_alerts", "schedule": 60.0},
    "scan files": {"task": "tasks.scan_files", "schedule": 60.0},
    # All through the night, a few minutes each: what a run does not reach is the next one's.
    "verify files": {"task": "tasks.verify_files", "schedule": crontab(hour="1-5", minute="*/5")},
    "sweep files": {"task": "tasks.sweep_files", "schedule": crontab(minute=20)},
    "verify statistics": {
        "task": "tasks.verify_statistics",
        "schedule": crontab(hour=3, minute=30),
        "options": {"expires": 6 * 60 * 60},
    },
}
# A worker that was away finds the last ticks, not thousands.
for _entry in SCHEDULE.values():
    _entry.setdefault("options", {"expires": 60})


def transport_options(broker_url: str) -> dict[str, float]:
    """Return how patient the broker's connections are; the redelivery is that of Redis alone."""
    # A broker that is down keeps no verb waiting: kombu's own pauses took 6 s of each, these 4 ms.
    impatient = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
    if broker_url.startswith("amqp"):
        return impatient
    return {
        "visibility_timeout": 600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        **impatient,
    }
