"""What the terminal shows: each program's lines under its name."""

from __future__ import annotations

import os
import sys
from typing import TextIO

OWN = "portal"
COLOURS = {OWN: 1, "broker": 35, "web": 36, "worker": 33, "beat": 34}
WIDTH = max(map(len, COLOURS))


class Terminal:
    """Writes lines with a coloured name before each; no colour in a file, or where NO_COLOR is set."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._has_colour = self._stream.isatty() and not os.environ.get("NO_COLOR")

    def say(self, text: str, name: str = OWN) -> None:
        """Write each line of `text` under `name`."""
        head = f"{name:<{WIDTH}} |"
        if self._has_colour:
            head = f"\x1b[{COLOURS[name]}m{head}\x1b[0m"
        for line in text.splitlines():
            self._write(f"{head} {line}\n")

    def _write(self, line: str) -> None:
        """Write one line at once; a terminal that was closed or knows fewer letters stops nothing."""
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(line.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (BrokenPipeError, ValueError):
            self._stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives as long as we do
        except OSError:
            # A terminal that is gone answers EIO; the programs are then stopped by the hang-up it sent.
            return
