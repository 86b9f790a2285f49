"""How many pages and submissions a second, and how long the slowest twentieth waits."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from bench import measures
from bench.browser import Browser, Fields
from bench.measures import Measure
from bench.portals import Portal

N_CLIENTS = 4
N_PAGES = 400
N_SUBMISSIONS = 200
ZONE = ZoneInfo("Asia/Shanghai")


def measure(portal: Portal) -> Iterator[Measure]:
    """Yield requests per second and p95 of the liaison's start page and of a submission."""
    asked: list[tuple[str, int, Callable[[Browser], None]]] = [
        ("the liaison's page", N_PAGES, open_start_page),
        ("a submission", N_SUBMISSIONS, Submitting(portal)),
    ]
    for name, n_requests, request in asked:
        seconds, waits = load(portal, request, n_requests)
        size = f"{n_requests} requests, {N_CLIENTS} clients"
        facts = {"size": size, "engine": portal.engine}
        yield measures.of(f"{name}: requests a second", [n_requests / seconds], "1/s", **facts)
        yield measures.p95_of(f"{name}: p95", [1000 * wait for wait in waits], "ms", **facts)


def load(portal: Portal, request: Callable[[Browser], None], n_requests: int) -> tuple[float, list[float]]:
    """Let all clients ask one request after the other; return the seconds in all, and of each."""
    browsers = [portal.browser_of("liaison") for _client in range(N_CLIENTS)]
    for browser in browsers:
        request(browser)
    waits: list[float] = []
    failures: list[Exception] = []

    def ask(browser: Browser) -> None:
        try:
            for _request in range(n_requests // N_CLIENTS):
                begun = time.perf_counter()
                request(browser)
                waits.append(time.perf_counter() - begun)
        except Exception as error:
            failures.append(error)

    clients = [threading.Thread(target=ask, args=(browser,)) for browser in browsers]
    begun = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - begun, waits


def open_start_page(browser: Browser) -> None:
    """Open the start page. Raises: RuntimeError when it is not there."""
    answer = browser.get("/")
    if answer.status != 200:
        raise RuntimeError(f"the start page answered {answer.status}")


class Submitting:
    """Sends one complete new record after the other, straight to review."""

    def __init__(self, portal: Portal) -> None:
        browser = portal.browser_of("liaison")
        offered = re.findall(r'href="(/records/new/[^/"?]+/)', browser.get("/records/new/").text)
        self.path = sorted(set(offered))[0]
        fields = Fields(browser.get(self.path).text).found
        numbers = {name: "1" for name in fields if name.startswith("value_")}
        today = dt.datetime.now(ZONE).date().isoformat()
        self.fields = {"held_on": today, "title": "宣讲", "place": "报告厅", "text": "测量", "deed": "submit"}
        # The unit's usual numbers are others.
        self.fields |= numbers | {name.replace("value_", "reason_few_"): "测量用的数" for name in numbers}

    def __call__(self, browser: Browser) -> None:
        """Send one record. Raises: RuntimeError when it is not taken."""
        self.send(browser)

    def send(self, browser: Browser) -> int:
        """Send one record and return its number. Raises: RuntimeError when it is not taken."""
        answer = browser.post(self.path, self.fields | {"key": str(uuid.uuid4())})
        found = re.fullmatch(r"/records/(\d+)/", answer.location)
        if answer.status != 302 or found is None:
            raise RuntimeError(f"the submission answered {answer.status} {answer.location}")
        return int(found[1])
