"""Settings, addresses, the Celery app, the start page and the look of the admin."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
