"""Portals to measure: the embedded one on SQLite, and one on PostgreSQL and Redis."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from bench.browser import Browser
from bench.measures import ROOT

PASSWORD = "measured-and-thrown-away"
PORT = int(os.environ.get("BENCH_PORT", "8261"))
# A server is measured where its addresses are given, for example
# BENCH_DATABASE_URL="postgres:///postgres?host=/var/run/postgresql" BENCH_REDIS_URL=redis://127.0.0.1:6379/9
SERVER = os.environ.get("BENCH_DATABASE_URL", "")
REDIS = os.environ.get("BENCH_REDIS_URL", "")
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Portal:
    """One running portal with the demonstration in it."""

    engine: str
    port: int

    def browser_of(self, username: str) -> Browser:
        """Return a browser in which the person is signed in."""
        browser = Browser(self.port)
        browser.sign_in(username, PASSWORD)
        return browser


def engines() -> list[str]:
    """Return the engines that can be measured here."""
    return ["SQLite", "PostgreSQL"] if SERVER and REDIS else ["SQLite"]


@contextmanager
def surroundings(engine: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a portal of its own; folder and database go with it."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    own = {"VAR_DIR": str(folder), "PORT": str(PORT), "DEMO_PASSWORD": PASSWORD, "LOG_LEVEL": "ERROR"}
    # Many clients are one person here; the portal would end the sessions of all but three.
    own |= {"SESSIONS_PER_ACCOUNT": "50"}
    # A server would lead a reviewer to set a second factor up, instead of doing what was asked.
    own |= {"REQUIRE_SECOND_FACTOR": "none"}
    own |= {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp"), "LANG": "C.UTF-8"}  # noqa: S108
    try:
        if engine == "SQLite":
            yield own
            return
        with _database() as address:
            own |= {"DATABASE_URL": address, "REDIS_URL": REDIS, "SECRET_KEY": uuid.uuid4().hex * 2}
            yield own | {"HTTPS": "0"}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def portal(engine: str) -> Iterator[Portal]:
    """Run the portal with its demonstration and wait until it serves."""
    with surroundings(engine) as environment:
        if engine != "SQLite":
            for command in (
                ["migrate", "-v0"],
                ["collectstatic", "--noinput", "-v0"],
                ["demonstration", "--force"],
            ):
                subprocess.run(manage(*command), env=environment, check=True, stdout=subprocess.DEVNULL)
        with running(manage("portal"), environment, ROOT):
            wait_for_page(PORT)
            yield Portal(engine, PORT)


@contextmanager
def running(command: list[str], environment: dict[str, str], folder: Path) -> Iterator[None]:
    """Run a command as long as the block lasts, then stop it with SIGTERM."""
    process = subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def manage(*words: str) -> list[str]:
    """Return the command line of a management command."""
    return [sys.executable, str(ROOT / "manage.py"), *words]


def wait_for_page(port: int, seconds: float = START_SECONDS) -> None:
    """Wait for the first whole sign-in page. Raises: TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError(f"no sign-in page on port {port} within {seconds:g} s")


@contextmanager
def _database() -> Iterator[str]:
    """Make a PostgreSQL database, yield its address, drop it."""
    name, given = f"bench_{uuid.uuid4().hex[:12]}", urlsplit(SERVER)
    with psycopg.connect(SERVER.replace("postgres:", "postgresql:", 1), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{given.scheme}://{given.netloc}/{name}?{given.query}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
