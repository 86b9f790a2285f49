"""How long after an approval the figure stands on the statistics page."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from bench import measures
from bench.browser import Browser, Fields
from bench.measures import Measure
from bench.pages import Submitting
from bench.portals import Portal

N_APPROVALS = 40
PAUSE_SECONDS = 0.02
LONGEST_SECONDS = 30


def measure(portal: Portal) -> Iterator[Measure]:
    """Yield the median and the p95 from the answer to the approval to the first page with the new figure."""
    liaison, reviewer = portal.browser_of("liaison"), portal.browser_of("reviewer")
    submitting = Submitting(portal)
    waits = [approve_and_wait(reviewer, submitting.send(liaison)) for _round in range(N_APPROVALS)]
    facts = {"size": f"{N_APPROVALS} approvals, one after the other", "engine": portal.engine}
    milliseconds = [1000 * wait for wait in waits]
    yield measures.of("approval to figure on the page", milliseconds, "ms", **facts)
    yield measures.p95_of("approval to figure on the page: p95", milliseconds, "ms", **facts)


def approve_and_wait(reviewer: Browser, pk: int) -> float:
    """Approve one record; return the seconds until the statistics page counts it. Raises: TimeoutError."""
    page, before = f"/admin/records/activityrecord/{pk}/", figures(reviewer)
    version = Fields(reviewer.get(f"{page}change/").text).found["version"]
    answer = reviewer.post(f"{page}decide/approve/", {"version": version})
    if answer.status != 302:
        raise RuntimeError(f"the approval answered {answer.status}")
    begun = time.perf_counter()
    while figures(reviewer) == before:
        if time.perf_counter() - begun > LONGEST_SECONDS:
            raise TimeoutError(f"record {pk} is not on the page after {LONGEST_SECONDS} s")
        time.sleep(PAUSE_SECONDS)
    return time.perf_counter() - begun


def figures(browser: Browser) -> list[str]:
    """Return the totals so far that the statistics page shows."""
    return re.findall(r'data-figure="[^"]*">([^<]*)<', browser.get("/statistics/").text)
