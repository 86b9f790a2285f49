"""The board of 3,000 units and 52 weeks: what the server does, how much it sends, when a browser is ready."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench import measures
from bench.measures import ROOT, Measure
from bench.portals import PASSWORD, PORT, manage, running, surroundings, wait_for_page

N_PAGES, N_BROWSERS = 20, 7
# As bench/board_world.py fills it, which only a process with Django in it can import.
SIZE = "3000 units × 52 weeks"
# Models can be imported once Django is set up, and imports stand at the top.
PROGRAM = "import django; django.setup(); from bench.board_asking import {0}; {0}()"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
# Milliseconds since the page was asked for: the grid is drawn; a scroll of it has been painted.
READY = "() => document.querySelector('[data-board][data-ready]') && performance.now()"
SCROLLED = """() => new Promise((done) => {
  const frame = document.querySelector('[data-board]');
  frame.scrollTop = frame.scrollHeight / 2;
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
})"""
# The longest frame while the board is scrolled from its first row to its last in two seconds.
LONGEST_FRAME = """() => new Promise((done) => {
  const frame = document.querySelector('[data-board]');
  const begun = performance.now();
  let last = begun, longest = 0;
  const step = (now) => {
    longest = Math.max(longest, now - last);
    last = now;
    frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * Math.min(1, (now - begun) / 2000);
    if (now - begun < 2000) requestAnimationFrame(step);
    else done(longest);
  };
  requestAnimationFrame(step);
})"""


def measure(engine: str) -> Iterator[Measure]:
    """Yield queries, the server's time, bytes, and the times of a browser."""
    own = {"DJANGO_SETTINGS_MODULE": "portal.settings", "REQUIRE_SECOND_FACTOR": "none"}
    own |= {} if engine == "SQLite" else {"ALLOWED_HOSTS": "testserver,127.0.0.1"}
    with surroundings(engine) as around:
        environment = around | own
        _run("fill_board", environment)
        asked = _run("ask_board", environment | {"BOARD_PAGES": str(N_PAGES)})
        waits = [1000 * seconds for seconds in asked["seconds"]]
        facts = {"size": f"{SIZE} · {asked['queries']} queries", "engine": engine}
        yield measures.of("the board: server", waits, "ms", **facts)
        yield measures.p95_of("the board: server, p95", waits, "ms", **facts)
        page = asked["page"].encode()
        yield measures.of("the board: page", [len(page) / 1000], "kB", size=SIZE, engine=engine)
        packed = len(gzip.compress(page, 6)) / 1000
        yield measures.of("the board: page, packed", [packed], "kB", size=SIZE, engine=engine)
        if engine != "SQLite":
            subprocess.run(manage("collectstatic", "--noinput", "-v0"), env=environment, check=True)
        with running(manage("portal"), environment, ROOT):
            wait_for_page(PORT)
            yield from _in_a_browser(engine)


def _run(name: str, environment: dict[str, str]) -> dict[str, Any]:
    """Let a process with Django in it do one thing and return what it tells."""
    command = [sys.executable, "-c", PROGRAM.format(name)]
    done = subprocess.run(command, env=os.environ | environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _in_a_browser(engine: str) -> Iterator[Measure]:
    """Yield how long it takes from asking for the page to the grid, and to the first scroll."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        found = [_visit(browser) for _visit_number in range(N_BROWSERS)]
        browser.close()
    names = ("first byte", "grid ready", "first scroll painted", "longest frame while scrolling")
    for place, name in enumerate(names):
        samples = [times[place] for times in found]
        yield measures.of(f"the board in Chromium: {name}", samples, "ms", size=SIZE, engine=engine)
    print(f"median of {N_BROWSERS} visits, ready at {statistics.median(one[1] for one in found):.0f} ms")


def _visit(browser: Browser) -> tuple[float, float, float, float]:
    """Open the board in a fresh browser; return the four times in milliseconds."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{PORT}/sign-in/")
    page.fill("[name=username]", "reviewer")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/sign-in/'] [type=submit]")
    page.wait_for_url("**/")
    time.sleep(0.5)
    page.goto(f"http://127.0.0.1:{PORT}/weekly/board/", wait_until="commit")
    ready = page.wait_for_function(READY, polling="raf").json_value()
    scrolled = page.evaluate(SCROLLED)
    first = page.evaluate("() => performance.getEntriesByType('navigation')[0].responseStart")
    longest = page.evaluate(LONGEST_FRAME)
    context.close()
    return float(first), float(ready), float(scrolled), float(longest)
