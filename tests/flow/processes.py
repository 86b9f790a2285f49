"""The portal as real processes: start it, ask it, find what is left of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# What the environment of the test run says about databases and brokers is not for the embedded portal.
OUTER = {
    "DATABASE_URL",
    "REDIS_URL",
    "BROKER_URL",
    "SECRET_KEY",
    "HTTPS",
    "ALLOWED_HOSTS",
    "BASE_URL",
    "HOST",
}
START_SECONDS = 90.0


@dataclass
class RunningPortal:
    """One `manage.py portal` with its folder, its port and what it printed."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    log: Path

    @property
    def address(self) -> str:
        """Return where it serves, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def printed(self) -> str:
        """Return everything it printed so far."""
        return self.log.read_text(errors="replace")

    def health(self) -> dict[str, object]:
        """Return what /readyz says, whatever its status; nothing while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=10) as answer:  # noqa: S310
                found: dict[str, object] = json.load(answer)
        except urllib.error.HTTPError as error:
            found = json.load(error)
        except OSError:
            found = {}
        return found

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until web, broker, worker and clock all work."""
        wait_for(lambda: self._is_over() or bool(self.health().get("ready")), seconds, lambda: self.printed)
        assert not self._is_over(), self.printed

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send a signal, wait for the end and return how many seconds it took."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - begun

    def processes(self) -> dict[int, str]:
        """Return every living process of this portal, whoever started it, with its command line."""
        return {pid: line for pid, line in _processes(self.folder) if pid != self.process.pid}

    def pid_of(self, part: str) -> int:
        """Return the process that the portal itself started and whose command line holds `part`."""
        [pid] = [
            pid for pid, line in self.processes().items() if part in line and _parent(pid) == self.process.pid
        ]
        return pid

    def _is_over(self) -> bool:
        return self.process.poll() is not None


@contextmanager
def portal(folder: Path, **environment: str) -> Iterator[RunningPortal]:
    """Start the portal in `folder` on a free port and end whatever is left of it afterwards."""
    port = free_port()
    log = folder / "printed.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(), cwd=folder, env=settings_of(folder, port, **environment), stdout=output, stderr=output
        )
    running = RunningPortal(process, folder, port, log)
    try:
        yield running
    finally:
        process.kill()
        process.wait()
        for pid in running.processes():
            _kill(pid)


def command(name: str = "portal") -> list[str]:
    """Return the command line of a management command."""
    return [sys.executable, str(ROOT / "manage.py"), name]


def settings_of(folder: Path, port: int, **environment: str) -> dict[str, str]:
    """Return the environment of a portal in `folder`, with nothing of the test run's own database."""
    inherited = {name: value for name, value in os.environ.items() if name not in OUTER}
    return (
        inherited | {"VAR_DIR": str(folder / "var"), "PORT": str(port), "LANG": "en_US.UTF-8"} | environment
    )


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(is_reached: Callable[[], bool], seconds: float, explain: Callable[[], str] = str) -> None:
    """Wait until something is so; fail with an explanation when it is not in time."""
    deadline = time.monotonic() + seconds
    while not is_reached():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {explain()}"
        time.sleep(0.1)


def _processes(folder: Path) -> Iterator[tuple[int, str]]:
    """Yield the living processes that work in `folder` or below it."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if entry.joinpath("cwd").readlink().is_relative_to(folder):
                yield int(entry.name), (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it ended meanwhile
            continue


def _parent(pid: int) -> int:
    """Return the number of a process's parent."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
