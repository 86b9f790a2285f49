"""kill -9 of a worker in the middle of a tally: the next one goes on, and every figure is right."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotConnected

from portal.launcher.broker import server_program
from tests.flow.processes import wait_for
from tests.flow.racers import ROOT, Racer, environment

pytestmark = pytest.mark.story

N_UNITS, N_RECORDS, N_MARKS = 120, 4, 14_000
N_KILLS = int(os.environ.get("WORKER_KILLS", "2"))


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """Start a broker of our own on a unix socket; yield its address."""
    path = folder / "valkey.sock"
    options = ["--port", "0", "--unixsocket", str(path), "--dir", str(folder), "--save", ""]
    with subprocess.Popen([server_program(), *options], stdout=subprocess.DEVNULL) as process:
        wait_for(lambda: _answers(path), 10)
        yield f"unix://{path}"
        process.terminate()


def _answers(path: Path) -> bool:
    """Say whether a broker listens at `path`."""
    try:
        return bool(Redis(unix_socket_path=str(path)).ping())
    except NotConnected:
        return False


@contextmanager
def worker(settings: dict[str, str]) -> Iterator[None]:
    """Run a real worker with its clock; at the end kill -9 all of its processes at once."""
    options = ["--beat", "--pool", "prefork", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "--quiet",
            "-A",
            "portal",
            "worker",
            "--loglevel",
            "ERROR",
            *options,
        ],
        cwd=ROOT,
        env=settings,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def waiting(steward: Racer) -> int:
    """Return how many marks wait."""
    n_marks: int = steward.ask("marks")["n_marks"]
    return n_marks


def wait_for_fewer(steward: Racer, than: int) -> None:
    """Wait until fewer marks wait."""
    wait_for(lambda: waiting(steward) < than, 25)


def test_the_figures_survive_a_worker_that_is_killed_while_it_tallies(tmp_path: Path) -> None:
    dice, left = random.Random(9), []
    with broker(tmp_path) as address:
        settings = environment(f"sqlite:///{tmp_path}/kill.sqlite3", tmp_path, REDIS_URL=address)
        steward = Racer(settings)
        steward.ask("prepare")
        steward.ask("backlog", n_units=N_UNITS, n_records=N_RECORDS, n_marks=N_MARKS)
        n_marks = waiting(steward)
        for _kill in range(N_KILLS):
            with worker(settings):
                steward.ask("ring")
                wait_for_fewer(steward, n_marks)
                time.sleep(dice.uniform(0, 0.1))
            n_marks = waiting(steward)
            left.append(n_marks)
        with worker(settings):
            steward.ask("ring")
            wait_for_fewer(steward, 1)
        books = steward.ask("books")
        steward.stop()
    assert left[0] > 0, "the worker was done before it was killed: give it more to do"
    assert books["n_wrong"] == 0
    assert books["n_approved"] == N_UNITS * N_RECORDS * 3
