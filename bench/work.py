"""The processor's time of a running portal, of its database and of ourselves, as the kernel counts it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SESSION = re.compile(rb"^postgres: .* bench_[0-9a-f]{12} ")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Work:
    """Seconds of the processor: of the portal's processes, of its PostgreSQL sessions, and of this one."""

    portal: float
    database: float
    driver: float

    def since(self, before: Work) -> Work:
        """Return what has come on top."""
        return Work(self.portal - before.portal, self.database - before.database, self.driver - before.driver)


def work_so_far() -> Work:
    """Return what the processes that run now have worked so far."""
    own, worked = os.getpid(), dict(_running())
    parents = {pid: parent for pid, (parent, _seconds) in worked.items()}
    below = [pid for pid in worked if pid != own and own in _above(pid, parents)]
    return Work(
        portal=sum(worked[pid][1] for pid in below),
        database=sum(worked[pid][1] for pid in worked if _is_session(pid)),
        driver=worked[own][1],
    )


def _running() -> Iterator[tuple[int, tuple[int, float]]]:
    """Yield each process with its parent and its seconds in user and in system mode."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            facts = (folder / "stat").read_text().rpartition(")")[2].split()
            yield int(folder.name), (int(facts[1]), (int(facts[11]) + int(facts[12])) / TICKS)


def _above(pid: int, parents: dict[int, int]) -> Iterator[int]:
    """Yield the processes above one."""
    while pid in parents:
        pid = parents[pid]
        yield pid


def _is_session(pid: int) -> bool:
    """Say whether a process is a session of PostgreSQL in a database of ours."""
    with contextlib.suppress(OSError):
        return SESSION.match(Path(f"/proc/{pid}/cmdline").read_bytes()) is not None
    return False
