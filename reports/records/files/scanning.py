"""The virus scanner's hook: a clamd, where CLAMD_ADDRESS names one. Nobody sees a file before its “OK”."""

from __future__ import annotations

import logging
import socket
import struct
import time
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from reports.records.files import shelf
from reports.records.models import StoredFile
from units import audit
from units.models import Deed

logger = logging.getLogger(__name__)

SECONDS = 30
CHUNK = 64 * 1024
# How clamd answers: "stream: OK", "stream: Eicar-Signature FOUND", "… ERROR".
CLEAN, FOUND = "OK", "FOUND"
LONGEST_ANSWER = 4096
BATCH = 100

State = StoredFile.State


class ScannerError(Exception):
    """The scanner is away or said neither yes nor no."""


def scan_pending(*, seconds: float) -> int:
    """Let the scanner judge what waits, the oldest first; return how many were judged.

    What it does not judge goes on waiting, unseen; the next tick asks again.
    """
    deadline = time.monotonic() + seconds
    n_judged = 0
    for stored in StoredFile.objects.filter(state=State.PENDING).order_by("id")[:BATCH]:
        if time.monotonic() >= deadline:
            break
        try:
            with shelf.read(shelf.path_of(stored.sha256)) as file:
                virus = ask(file)
        except (ScannerError, OSError) as error:
            logger.warning("File %s was not scanned: %s", stored.pk, error)
            continue
        _judge(stored, virus)
        n_judged += 1
    return n_judged


def ask(file: IO[bytes]) -> str:
    """Return what the scanner found in a file, "" for nothing.

    Raises: ScannerError, OSError.
    """
    with _connected() as line:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = _answer(line)
    words = answer.removeprefix("stream: ").rsplit(" ", 1)
    if words == [CLEAN]:
        return ""
    if len(words) == 2 and words[1] == FOUND:
        return words[0]
    raise ScannerError(answer or "no answer")


def _connected() -> socket.socket:
    """Return a line to the scanner. Raises: OSError."""
    address = urlsplit(settings.CLAMD_ADDRESS)
    if address.scheme == "tcp":
        return socket.create_connection((address.hostname or "", address.port or 3310), timeout=SECONDS)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(SECONDS)
    try:
        line.connect(address.path)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> str:
    """Return what the scanner says, without the NUL at its end."""
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (part := line.recv(CHUNK)):
        said += part
    return said.rstrip(b"\0\n").decode(errors="replace")


@transaction.atomic
def _judge(stored: StoredFile, virus: str) -> None:
    """Let a clean file be seen; take an infected one's bytes away and raise the alarm."""
    state = State.INFECTED if virus else State.CLEAN
    waiting = StoredFile.objects.filter(pk=stored.pk, state=State.PENDING)
    if not waiting.update(state=state.value, verified_at=timezone.now()) or not virus:
        return
    logger.error("alarm file_infected: file %s (%s): %s", stored.pk, stored.sha256, virus)
    changes = {"rule": "file_infected", "sha256": stored.sha256, "virus": virus[:100]}
    audit.record(Deed.ALERT, actor=None, subject=stored, changes=changes)
    shelf.remove(stored.sha256)
