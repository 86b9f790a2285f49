"""Let a process end with the one that started it, even when that one is killed with -9."""

from __future__ import annotations

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Ask the kernel to send this process a signal when its parent ends; only Linux can."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, number)
