"""Ask bureaus of several sizes the same, in turns, so that a busy machine is as busy for each of them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import measures
from bench.measures import ROOT, Measure
from bench.portals import surroundings

PREFIX = "bureaus of any size: "
OF_ENGINE = {"PostgreSQL": (50, 3_000, 500_000), "SQLite": (50, 3_000)}
N_ROUNDS, N_WARM = 60, 3
# Models can be imported once Django is set up, and imports stand at the top.
PROGRAM = "import django; django.setup(); from bench.scale import asking; asking.main()"


class Asker:
    """The parent's end of one process of `asking`."""

    def __init__(self, n_units: int, environment: dict[str, str]) -> None:
        self.n_units = n_units
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def tell(self, **order: object) -> dict[str, Any]:
        """Give an order and return the answer. Raises: RuntimeError where the process has died."""
        assert self.process.stdin is not None  # noqa: S101 - made with pipes
        assert self.process.stdout is not None  # noqa: S101
        self.process.stdin.write(json.dumps(order | {"units": self.n_units}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the bureau of {self.n_units} units is gone")
        answer: dict[str, Any] = json.loads(line)
        return answer


def measure(engine: str) -> Iterator[Measure]:
    """Yield p95 of each page and scope query at each size, and how long the databases took to fill."""
    with contextlib.ExitStack() as stack:
        askers = [stack.enter_context(bureau(engine, n_units)) for n_units in OF_ENGINE[engine]]
        for asker in askers:
            seconds = asker.tell(fill=asker.n_units)["seconds"]
            size = f"{asker.n_units} units"
            yield measures.of(f"{PREFIX}filling", [seconds], "s", size=size, engine=engine)
        for name in askers[0].tell(names=True)["names"]:
            for asker, answers in in_turns(askers, name):
                milliseconds = [1000 * answer["seconds"] for answer in answers]
                size = f"{asker.n_units} units · {answers[-1]['queries']} queries"
                yield measures.p95_of(f"{PREFIX}{name}", milliseconds, "ms", size=size, engine=engine)


def in_turns(
    askers: list[Asker], name: str, n_rounds: int = N_ROUNDS
) -> list[tuple[Asker, list[dict[str, Any]]]]:
    """Ask every bureau in each round; return the answers of each without the first few."""
    found: dict[int, list[dict[str, Any]]] = {asker.n_units: [] for asker in askers}
    for _round in range(n_rounds + N_WARM):
        for asker in askers:
            found[asker.n_units].append(asker.tell(ask=name))
    return [(asker, found[asker.n_units][N_WARM:]) for asker in askers]


@contextlib.contextmanager
def bureau(engine: str, n_units: int) -> Iterator[Asker]:
    """Yield a process with an empty database of its own; both go with the block."""
    with surroundings(engine) as environment:
        url = environment.get("DATABASE_URL", f"sqlite:///{Path(environment['VAR_DIR'])}/bureau.sqlite3")
        own = {"DATABASE_URL": url, "SECRET_KEY": "x" * 60, "HTTPS": "0", "ALLOWED_HOSTS": "testserver"}
        own |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "REQUIRE_SECOND_FACTOR": "none"}
        asker = Asker(n_units, os.environ | environment | own)
        try:
            yield asker
        finally:
            asker.process.communicate(timeout=30)
