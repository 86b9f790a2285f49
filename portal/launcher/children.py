"""One program that the portal runs: started in a group of its own, heard, and ended with all it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from portal.launcher.lifelines import die_with_parent

# Five deaths within a minute are no accident.
MAX_DEATHS = 5
DEATHS_WITHIN_SECONDS = 60.0
LONGEST_LINE = 64 * 1024


@dataclass(eq=False)
class Child:
    """One program: what is run, and how its present and past runs went."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    mutes: str | None = None
    # What the kernel sends it when the portal itself is killed.
    last_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    starts_at: float | None = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=MAX_DEATHS))
    _rest: bytes = b""

    def start(self) -> None:
        """Start the program. Only the main thread may, and only while there is no other.

        The kernel ends the program when the *thread* that started it ends, and code between fork and
        exec must not meet the locks of other threads.
        """
        self.starts_at = None
        self.process = subprocess.Popen(  # noqa: S603 - our own command lines, without a shell
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
            preexec_fn=_bound_to(os.getpid(), self.last_signal),  # noqa: PLW1509 - one thread, see above
        )
        os.set_blocking(self.output.fileno(), False)

    @property
    def output(self) -> IO[bytes]:
        """Return the pipe that holds what the running program writes."""
        if self.process is None or self.process.stdout is None:
            raise RuntimeError(f"{self.name} was not started")
        return self.process.stdout

    @property
    def is_running(self) -> bool:
        """Say whether the program runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Return how the last run ended; minus a signal's number when a signal ended it."""
        return None if self.process is None else self.process.returncode

    def read_lines(self) -> list[str] | None:
        """Return the whole lines written since the last call, None when the pipe has ended; never waits."""
        piece = self.output.read(LONGEST_LINE)
        has_ended = piece == b""
        *lines, self._rest = (self._rest + (piece or b"")).split(b"\n")
        if has_ended or len(self._rest) > LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        shown = [line.decode(errors="replace").rstrip() for line in lines if self._is_news(line)]
        return None if has_ended and not shown else shown

    def _is_news(self, line: bytes) -> bool:
        """Say whether a line is worth showing."""
        return bool(line.strip()) and not (self.mutes and self.mutes.encode() in line)

    def bury(self) -> float | None:
        """Note the death, end what the program left running, plan the next start.

        Returns the pause in seconds, None when it died too often to try again.
        """
        self.kill()
        now = time.monotonic()
        self.deaths.append(now)
        if len(self.deaths) == MAX_DEATHS and now - self.deaths[0] < DEATHS_WITHIN_SECONDS:
            return None
        recent = sum(now - death < DEATHS_WITHIN_SECONDS for death in self.deaths)
        pause: float = 0.5 * 2 ** (recent - 1)
        self.starts_at = now + pause
        return pause

    def ask_to_stop(self) -> None:
        """Ask the program itself; it stops its own processes in good order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End the program and everything in its group, at once."""
        if self.process is None:
            return
        # The group's number stays taken as long as one of its processes lives.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _bound_to(parent: int, last_signal: int) -> Callable[[], None]:
    """Return what the child does before its program begins: bind its life to `parent`."""

    def bind() -> None:
        die_with_parent(last_signal)
        if os.getppid() != parent:
            os._exit(1)

    return bind
