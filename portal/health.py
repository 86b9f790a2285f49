"""Two answers for machines: the portal is alive, and the portal is well."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from reports.records.files import care
from reports.statistics.reading import oldest_mark
from units import heartbeat
from units.models import Mail

logger = logging.getLogger(__name__)

# A tally takes seconds, mail goes out every ten, the clock ticks every five: beyond these look after it.
MARK_SECONDS = 300
MAIL_SECONDS = 900
HEARTBEAT_SECONDS = 60
BROKER_SECONDS = 2

Check = tuple[bool, float | None]


@login_not_required
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer as long as a process can; a database that is away is no reason to restart this one."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all works and 503 when something does not, each part with what it was judged by.

    Ages are in seconds, null where nothing waits (or, for the heartbeat, where none was noted).
    """
    parts = {name: _judge(name, check) for name, check in CHECKS.items()}
    is_ready = all(part["ok"] for part in parts.values())
    failed = [name for name, part in parts.items() if not part["ok"]]
    return JsonResponse({"ready": is_ready, "failed": failed, **parts}, status=200 if is_ready else 503)


def _judge(name: str, check: Callable[[], Check]) -> dict[str, object]:
    """Return one part of the answer; what is away is not well, and the log says why."""
    try:
        is_ok, seconds = check()
    except (DatabaseError, RedisError, OperationalError, OSError) as error:
        logger.warning("%s is not ready: %s", name, error)
        return {"ok": False, "seconds": None}
    return {"ok": is_ok, "seconds": None if seconds is None else round(seconds, 1)}


def _database() -> Check:
    """Ask the database anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, None


def _broker() -> Check:
    """Reach the broker as a sender would."""
    with Connection(
        settings.CELERY_BROKER_URL,
        connect_timeout=BROKER_SECONDS,
        transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    ) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    return True, None


def _heartbeat() -> Check:
    """Judge the last sign of the clock that reached a worker."""
    seconds = heartbeat.age_seconds()
    return seconds is not None and seconds < HEARTBEAT_SECONDS, seconds


def _statistics() -> Check:
    """Judge the oldest mark that is not counted yet."""
    return _waited(oldest_mark(), MARK_SECONDS)


def _mail() -> Check:
    """Judge the mail that is due longest; one that waits for its next try is not due."""
    due = Mail.objects.filter(
        state__in=[Mail.State.WAITING, Mail.State.SENDING], next_try_at__lte=timezone.now()
    )
    return _waited(due.aggregate(oldest=Min("next_try_at"))["oldest"], MAIL_SECONDS)


def _files() -> Check:
    """Judge the stored files by what the last proof said."""
    return not care.n_damaged(), None


def _waited(since: dt.datetime | None, most_seconds: float) -> Check:
    """Return whether something has waited too long, and how long."""
    if since is None:
        return True, None
    seconds = (timezone.now() - since).total_seconds()
    return seconds < most_seconds, seconds


CHECKS: dict[str, Callable[[], Check]] = {
    "database": _database,
    "broker": _broker,
    "heartbeat": _heartbeat,
    "statistics": _statistics,
    "mail": _mail,
    "files": _files,
}
