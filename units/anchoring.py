"""Note each seal of the audit trail in a file beside the database, where a change of tables does not reach.

One line per seal: moment in UTC, number of the seal, last row, digest. The same line goes to the log, which
may leave this host.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from units.models import AuditSeal

logger = logging.getLogger(__name__)


def note(link: AuditSeal) -> None:
    """Append one seal to the file and to the log."""
    line = f"{link.at.astimezone(dt.UTC).isoformat()} {link.pk} {link.last_id} {link.digest}"
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a") as file:
        # One write of one line: two workers at once do not mix theirs.
        file.write(f"{line}\n")
    logger.info("audit seal %s", line)


def notes() -> Iterator[tuple[int, str]]:
    """Yield number and digest of each seal that was noted here; a torn line at the end is passed over."""
    if not _path().exists():
        return
    with _path().open() as file:
        for line in file:
            words = line.split()
            if len(words) == 4 and words[1].isdigit() and len(words[3]) == 64:
                yield int(words[1]), words[3]


def first_lost() -> int | None:
    """Return the number of the first noted seal that the database no longer has as it was noted."""
    stored = dict(AuditSeal.objects.values_list("pk", "digest"))
    return next((number for number, digest in notes() if stored.get(number) != digest), None)


def _path() -> Path:
    """Return the file."""
    return Path(settings.AUDIT_ANCHOR)
