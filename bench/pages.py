"""How many pages and submissions a second, and how long the slowest twentieth waits."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bench import measures
from bench.browser import Browser, Fields
from bench.measures import Measure
from bench.portals import Portal
from bench.work import Work, work_so_far

N_CLIENTS = 4
N_PAGES = 400
# How many clients at once, in turns and this often each, so that a busy machine is as busy for each number.
CLIENTS_AT_ONCE, N_ROUNDS = (1, 8, 32), 3
N_SUBMISSIONS = 192
# Entered is 1, handed in is 2.
SUBMITTED_VERSION = 2
N_APPROVERS, N_APPROVALS = 8, 400
QUEUE = "/admin/records/activityrecord/"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Load:
    """What a load took: the seconds in all and of each request, and the processor's time."""

    seconds: float
    waits: list[float]
    work: Work


def measure(portal: Portal) -> Iterator[Measure]:
    """Yield requests per second and p95 of the liaison's start page, of submissions and of approvals."""
    browsers = [portal.browser_of("liaison") for _client in range(max(CLIENTS_AT_ONCE))]
    page = load(browsers[:N_CLIENTS], open_start_page, N_PAGES)
    yield from _figures(portal, "the liaison's page", N_CLIENTS, [page])
    submitting = Submitting(portal)
    rounds: dict[int, list[Load]] = {n_clients: [] for n_clients in CLIENTS_AT_ONCE}
    for _round in range(N_ROUNDS):
        for n_clients, loads in rounds.items():
            loads.append(load(browsers[:n_clients], submitting, N_SUBMISSIONS))
    for n_clients, loads in rounds.items():
        yield from _figures(portal, f"a submission, {n_clients} at once", n_clients, loads)
    approving = Approving([submitting.send(browsers[0]) for _n in range(N_APPROVALS + N_APPROVERS)])
    reviewers = [portal.browser_of("reviewer") for _client in range(N_APPROVERS)]
    approved = load(reviewers, approving, N_APPROVALS)
    yield from _figures(portal, f"an approval, {N_APPROVERS} at once", N_APPROVERS, [approved])


def _figures(portal: Portal, name: str, n_clients: int, loads: list[Load]) -> Iterator[Measure]:
    """Yield requests per second, p95 and the work behind one request of some loads of one kind."""
    waits = [1000 * wait for load in loads for wait in load.waits]
    facts = {"size": f"{len(waits)} requests, {n_clients} clients", "engine": portal.engine}
    speeds = [len(load.waits) / load.seconds for load in loads]
    yield measures.of(f"{name}: requests a second", speeds, "1/s", **facts)
    yield measures.p95_of(f"{name}: p95", waits, "ms", **facts)
    for whose in ("portal", "database", "driver"):
        each = [1000 * getattr(load.work, whose) / len(load.waits) for load in loads]
        yield measures.of(f"{name}: work of the {whose}", each, "ms", **facts)


def load(browsers: list[Browser], request: Callable[[Browser], None], n_requests: int) -> Load:
    """Let all clients ask one request after the other."""
    for browser in browsers:
        request(browser)
    waits: list[float] = []
    failures: list[Exception] = []

    def ask(browser: Browser) -> None:
        try:
            for _request in range(n_requests // len(browsers)):
                begun = time.perf_counter()
                request(browser)
                waits.append(time.perf_counter() - begun)
        except Exception as error:
            failures.append(error)

    clients = [threading.Thread(target=ask, args=(browser,)) for browser in browsers]
    begun, worked = time.perf_counter(), work_so_far()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if failures:
        raise failures[0]
    return Load(time.perf_counter() - begun, waits, work_so_far().since(worked))


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
        key = str(uuid.uuid4())
        # Nobody does the same a thousand times on one day.
        answer = browser.post(self.path, self.fields | {"key": key, "title": f"宣讲 {key[:8]}"})
        found = re.fullmatch(r"/records/(\d+)/", answer.location)
        if answer.status != 302 or found is None:
            raise RuntimeError(f"the submission answered {answer.status} {answer.location}")
        return int(found[1])


class Approving:
    """Approves one record after the other out of those that were just submitted."""

    def __init__(self, numbers: list[int]) -> None:
        self.numbers = numbers

    def __call__(self, browser: Browser) -> None:
        """Approve one. Raises: RuntimeError when it is not taken."""
        pk = self.numbers.pop()
        fields = {"version": str(SUBMITTED_VERSION)}
        answer = browser.post(f"{QUEUE}{pk}/decide/approve/", fields)
        # Whoever has to sign in or to set something up first is led elsewhere.
        if answer.status != 302 or not answer.location.startswith(QUEUE):
            raise RuntimeError(f"the approval answered {answer.status} {answer.location}")
