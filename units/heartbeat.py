"""Tell whether the clock, the broker and a worker are alive together.

Only the clock asks for the beat, only a worker notes it, and it lies in the cache: this is the health of
the moment, not a fact to keep, and a cache that was lost gets it back within seconds.
"""

from __future__ import annotations

import logging
import time

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEY = "heartbeat"


def beat() -> None:
    """Note this moment; a cache that is away is logged and never stops a worker."""
    try:
        cache.set(KEY, time.time(), timeout=None)
    except (RedisError, OSError) as error:
        logger.warning("The cache did not take the heartbeat: %s", error)


def age_seconds() -> float | None:
    """Return the seconds since the last beat, None when there was none.

    Raises: RedisError when the cache is away.
    """
    noted: float | None = cache.get(KEY)
    return None if noted is None else max(0.0, time.time() - noted)
