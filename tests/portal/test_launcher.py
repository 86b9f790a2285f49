"""The launcher with real processes: it heals, it refuses, it leaves nobody behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.processes import RunningPortal, command, free_port, portal, settings_of, wait_for

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc"),
]


def refusal(folder: Path, port: int, **environment: str) -> str:
    """Start a portal that must not start and return the one line that it says."""
    ended = subprocess.run(
        command(),
        env=settings_of(folder, port, **environment),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    lines = (ended.stdout + ended.stderr).strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def kill_and_wait(running: RunningPortal, part: str) -> None:
    """Kill one program with -9 and wait until another process has taken its place and all is well again."""
    killed = running.pid_of(part)
    os.kill(killed, signal.SIGKILL)
    wait_for(
        lambda: any(part in line and pid != killed for pid, line in running.processes().items()),
        20,
        lambda: running.printed,
    )
    running.wait_until_ready(30)


def test_portal_heals_refuses_a_second_start_and_stops_without_orphans(tmp_path: Path) -> None:
    with portal(tmp_path) as running:
        running.wait_until_ready()
        second = refusal(tmp_path, free_port())
        assert str(running.process.pid) in second
        assert running.address in second
        for part in ("celery --quiet -A portal worker", "valkey-server", "granian"):
            kill_and_wait(running, part)
        assert running.stop() < 10
        assert running.process.returncode == 0, running.printed
        assert running.processes() == {}


def test_killed_portal_leaves_no_orphan_and_starts_again(tmp_path: Path) -> None:
    with portal(tmp_path) as running:
        running.wait_until_ready()
        assert len(running.processes()) >= 6
        running.stop(signal.SIGKILL)
        wait_for(lambda: not running.processes(), 15, lambda: str(running.processes()))
    with portal(tmp_path) as again:
        again.wait_until_ready()
        assert again.stop(signal.SIGINT) < 10
        assert again.processes() == {}


def test_port_in_use_is_refused_with_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal(tmp_path, port)
    assert str(port) in said
    assert "PORT=" in said


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"VAR_DIR": "/proc/portal"}, "VAR_DIR="),
        ({"PORT": "eighty"}, "PORT"),
        ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "SECRET_KEY"),
        ({"REDIS_URL": "redis://:hidden@127.0.0.1:1/0"}, "REDIS_URL"),
    ],
    ids=["folder that nobody can write", "port that is no number", "server without a key", "broker away"],
)
def test_what_keeps_it_from_starting_is_said_in_one_line(
    tmp_path: Path, environment: dict[str, str], named: str
) -> None:
    said = refusal(tmp_path, free_port(), **environment)
    assert named in said
    assert "hidden" not in said


def test_server_with_missing_migrations_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "server.sqlite3"
    said = refusal(
        tmp_path,
        free_port(),
        DATABASE_URL=f"sqlite:///{database}",
        SECRET_KEY="0123456789abcdef" * 4,
    )
    assert "manage.py migrate" in said
    assert not (tmp_path / "var" / "demonstration.txt").exists()
