"""From a fresh clone to the first page, and the time of all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import measures
from bench.measures import ROOT, Measure
from bench.portals import PORT, running, wait_for_page

INSTALL_SECONDS = 600
INHERITED = (
    "PATH",
    "HOME",
    "PIP_INDEX_URL",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "HTTPS_PROXY",
    "SSL_CERT_FILE",
)


def measure_start() -> Iterator[Measure]:
    """Yield the seconds of the first `make run` of a clone, with the installation, and of the second."""
    with fresh_clone() as clone:
        for name in ("first", "second"):
            begun = time.perf_counter()
            with running(["make", "run"], environment(), clone):
                wait_for_page(PORT, INSTALL_SECONDS)
                seconds = time.perf_counter() - begun
            yield measures.of(
                f"make run to the first page, {name} time", [seconds], "s", size=_installer(), engine="SQLite"
            )


def measure_tests() -> Iterator[Measure]:
    """Yield the seconds of `make test` of a clone in which the packages are installed."""
    with fresh_clone() as clone:
        subprocess.run(["make", ".venv/test.stamp"], cwd=clone, env=environment(), check=True)
        begun = time.perf_counter()
        done = subprocess.run(
            ["make", "test"], cwd=clone, env=environment(), check=True, capture_output=True, text=True
        )
        seconds = time.perf_counter() - begun
    summary = done.stdout.strip().splitlines()[-1].strip("= ")
    yield measures.of("make test", [seconds], "s", size=summary, engine="SQLite")


@contextmanager
def fresh_clone() -> Iterator[Path]:
    """Clone the repository's last commit into an empty folder; it goes with the block."""
    folder = Path(tempfile.mkdtemp(prefix="bench-clone-"))
    try:
        subprocess.run(
            ["git", "clone", "--quiet", "--depth", "1", ROOT.as_uri(), folder / "portal"], check=True
        )
        yield folder / "portal"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment() -> dict[str, str]:
    """Return what a newcomer's shell holds."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return kept | {"PORT": str(PORT), "LANG": "C.UTF-8"}


def _installer() -> str:
    """Say what installs the packages here."""
    return f"fresh clone, packages by {'uv' if shutil.which('uv') else 'pip'}, caches warm"
