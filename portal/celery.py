"""The Celery app; what it runs stands in `tasks/`, and settings name those modules."""

import os

from celery import Celery
from celery.signals import worker_process_init

from portal.launcher.lifelines import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_process_init.connect
def end_with_worker(**_facts: object) -> None:
    """Let no process of the pool outlive its worker, for which nobody would wait.

    Each holds the pipes of the others open, so none of them notices by itself.
    """
    die_with_parent()
