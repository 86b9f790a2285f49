"""The folder that holds all that the portal keeps: make it, and hold it for one portal alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from portal.launcher.refusals import Refusal

try:
    import fcntl
except ImportError:  # Windows, which the command refuses in its own words
    fcntl = None  # type: ignore[assignment]

LOCK = "portal.lock"


def ensure_writable(folder: Path) -> None:
    """Make the folder, for its owner alone. Raises: Refusal where nothing can be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Root may write where the mode says no, and no one may on a read-only disk: only trying tells.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Refusal(
            _("Nothing can be written to %(folder)s (%(reason)s). Name another: VAR_DIR=/path/to/folder.")
            % {"folder": folder, "reason": error.strerror}
        ) from error


@contextmanager
def held(folder: Path, address: str) -> Iterator[None]:
    """Hold the folder until the block ends; the kernel lets go of it when the process dies, however it dies.

    Raises: Refusal while another portal holds it, with its process and address.
    """
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, folder)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {address}\n".encode(), 0)
        yield
        os.truncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    """Take the lock or say who has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        pid, _space, address = os.pread(descriptor, 500, 0).decode().strip().partition(" ")
        raise Refusal(
            _(
                "A portal runs in %(folder)s already: process %(pid)s at %(address)s. Use that one, stop it "
                "with “kill %(pid)s”, or start this one in another folder: VAR_DIR=/path/to/folder PORT=8001."
            )
            % {"folder": folder, "pid": pid or "?", "address": address or "?"}
        ) from error
