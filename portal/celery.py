"""The Celery app; what it runs stands in `tasks/`, and settings name those modules."""

import os
from typing import TYPE_CHECKING, Any

from celery import Celery, Task
from celery.signals import worker_process_init

from portal.launcher.lifelines import die_with_parent
from units import origin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


if TYPE_CHECKING:
    Base = Task[Any, Any]
else:
    Base = Task


class KnownTask(Base):
    """A task whose deeds are written down as its own."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with origin.coming_from(f"task {self.name}"):
            return super().__call__(*args, **kwargs)


app = Celery("portal", task_cls=KnownTask)
app.config_from_object("django.conf:settings", namespace="CELERY")


@worker_process_init.connect
def end_with_worker(**_facts: object) -> None:
    """Let no process of the pool outlive its worker, for which nobody would wait.

    Each holds the pipes of the others open, so none of them notices by itself.
    """
    die_with_parent()
