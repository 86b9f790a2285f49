"""Ask bureaus of several sizes the same, in turns, so that a busy machine is as busy for each of them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from bench import measures
from bench.measures import ROOT, Measure
from bench.portals import surroundings
from bench.scale.sizes import BUREAUS, RECORDS, Size

BUREAUS_PREFIX, RECORDS_PREFIX = "bureaus of any size: ", "any number of records: "
# Half a million units are asked of a server alone.
MOST_EMBEDDED = 100_000
N_ROUNDS, N_WARM = 60, 3
# Models can be imported once Django is set up, and imports stand at the top.
PROGRAM = "import django; django.setup(); from bench.scale import asking; asking.main()"
Answers = list[dict[str, Any]]


class Asker:
    """The parent's end of one process of `asking`."""

    def __init__(self, size: Size, environment: dict[str, str]) -> None:
        self.size = size
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tell(self, **order: object) -> dict[str, Any]:
        """Give an order and return the answer. Raises: RuntimeError where the process has died."""
        assert self.process.stdin is not None  # noqa: S101 - made with pipes
        assert self.process.stdout is not None  # noqa: S101
        self.process.stdin.write(json.dumps(order | {"units": self.size.units}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the bureau of {self.size} is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer


def measure(engine: str) -> Iterator[Measure]:
    """Yield the figures of pages and scope queries with ever more units."""
    sizes = [size for size in BUREAUS if engine != "SQLite" or size.units <= MOST_EMBEDDED]
    named = {size: f"{size.units} units" for size in sizes}
    yield from _compare(engine, BUREAUS_PREFIX, named, "bureaus")


def measure_records(engine: str) -> Iterator[Measure]:
    """Yield the figures of lists and of the review queue with ever more records."""
    named = {size: f"{size.records} records" for size in RECORDS}
    yield from _compare(engine, RECORDS_PREFIX, named, "records")


def _compare(engine: str, prefix: str, named: dict[Size, str], about: str) -> Iterator[Measure]:
    """Yield what each question `about` bureaus or records took at each size; first, how long filling took."""
    with contextlib.ExitStack() as stack:
        askers = [stack.enter_context(bureau(engine, size)) for size in named]
        for asker in askers:
            seconds = asker.tell(fill=astuple(asker.size))["seconds"]
            yield measures.of(f"{prefix}filling", [seconds], "s", size=named[asker.size], engine=engine)
        for question in askers[0].tell(names=about)["names"]:
            for asker, answers in in_turns(askers, question):
                size = f"{named[asker.size]} · {answers[-1]['queries']} queries"
                yield from _figures(f"{prefix}{question}", answers, size, engine)


def _figures(name: str, answers: Answers, size: str, engine: str) -> Iterator[Measure]:
    """Yield median and p95 by the clock, and of the work alone, in ms."""
    for column, suffix in (("seconds", ""), ("worked", ", work")):
        samples = [1000 * answer[column] for answer in answers]
        yield measures.of(f"{name}{suffix}: p50", samples, "ms", size=size, engine=engine)
        yield measures.p95_of(f"{name}{suffix}: p95", samples, "ms", size=size, engine=engine)


def in_turns(askers: Sequence[Asker], question: str, n_rounds: int = N_ROUNDS) -> list[tuple[Asker, Answers]]:
    """Ask every bureau in each round; return the answers of each without the first few."""
    found: dict[Size, Answers] = {asker.size: [] for asker in askers}
    for _round in range(n_rounds + N_WARM):
        for asker in askers:
            found[asker.size].append(asker.tell(ask=question))
    return [(asker, found[asker.size][N_WARM:]) for asker in askers]


@contextlib.contextmanager
def bureau(engine: str, size: Size) -> Iterator[Asker]:
    """Yield a process with an empty database of its own; both go with the block."""
    with surroundings(engine) as environment:
        url = environment.get("DATABASE_URL", f"sqlite:///{Path(environment['VAR_DIR'])}/bureau.sqlite3")
        own = {"DATABASE_URL": url, "SECRET_KEY": "x" * 60, "HTTPS": "0", "ALLOWED_HOSTS": "testserver"}
        own |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "REQUIRE_SECOND_FACTOR": "none"}
        asker = Asker(size, os.environ | environment | own)
        try:
            yield asker
        finally:
            asker.process.communicate(timeout=30)
