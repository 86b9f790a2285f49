"""A thousand uploads cut off half-way and a thousand clients that hang up leave the portal well."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.flow.browser import Browser
from tests.flow.hanging_up import cut_off_uploads, hang_up
from tests.flow.processes import RunningPortal, portal, wait_for

PASSWORD = "demo-demo-demo"
N_CLIENTS = 1000
MEBIBYTE = 1024 * 1024
# What the answers that nobody waited for may take on two busy cores.
SECONDS = 300.0
ESTABLISHED, WAITS_TO_CLOSE = "01", "08"


def rows(running: RunningPortal) -> list[int]:
    """Return how many records, attachments and contents are stored."""
    tables = ("records_activityrecord", "records_attachment", "records_storedfile")
    path = running.folder / "var" / "portal.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608


def files(running: RunningPortal) -> set[Path]:
    """Return every file below the folder of photos and files."""
    return {path for path in (running.folder / "var" / "media").rglob("*") if path.is_file()}


def n_lines(running: RunningPortal) -> int:
    """Return how many connections to the portal are open or half closed."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = [line for line in lines if line[1].endswith(f":{running.port:04X}")]
    return sum(line[3] in {ESTABLISHED, WAITS_TO_CLOSE} for line in ours)


@pytest.mark.story
def test_whoever_leaves_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    with portal(tmp_path, DEMO_PASSWORD=PASSWORD) as running:
        running.wait_until_ready()
        browser = Browser(running.address)
        browser.sign_in("liaison", PASSWORD)
        kept_rows, kept_files, kept = rows(running), files(running), running.processes().keys()
        cut_off_uploads(browser, N_CLIENTS, 4 * MEBIBYTE, at_once=100)
        hang_up(browser, N_CLIENTS, at_once=200)
        wait_for(lambda: n_lines(running) == 0, SECONDS, lambda: running.printed)
        wait_for(lambda: files(running) == kept_files, SECONDS, lambda: str(files(running) - kept_files))
        assert rows(running) == kept_rows
        assert running.processes().keys() == kept
        running.wait_until_ready()
        assert browser.open("/records/").status == 200
