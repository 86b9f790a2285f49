"""How fast a ledger is imported, and with how much memory, beside django-import-export's own import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import measures
from bench.measures import ROOT, Measure
from bench.portals import surroundings

Found = dict[str, float]

N_ROWS, N_TYPES = 10_000, 4
# import-export takes minutes for all of them; fewer rows give its speed as well, for it takes row by row.
N_DEFAULT = int(os.environ.get("BENCH_DEFAULT_ROWS", N_ROWS))
NAMES = {
    "submissions": "ledger as submissions",
    "drafts": "ledger as drafts",
    "default": "import-export's own import",
}
SIZE = f"rows of {N_TYPES} types, preview and import"


def measure(engine: str) -> Iterator[Measure]:
    """Yield rows per second and peak of memory of each way, and how many times faster ours is."""
    found = {way: _run(engine, way) for way in NAMES}
    n_rows = {way: N_DEFAULT if way == "default" else N_ROWS for way in NAMES}
    rates = {way: n_rows[way] / (one["preview"] + one["confirm"]) for way, one in found.items()}
    work = {way: one["processor"] / n_rows[way] for way, one in found.items()}
    for way, name in NAMES.items():
        one = found[way]
        size = f"{n_rows[way]:,} {SIZE}"
        yield measures.of(f"{name}: rows a second", [rates[way]], "1/s", size=size, engine=engine)
        yield measures.of(f"{name}: preview", [one["preview"]], "s", size=size, engine=engine)
        yield measures.of(f"{name}: import", [one["confirm"]], "s", size=size, engine=engine)
        seconds = one["processor"]
        yield measures.of(f"{name}: processor time", [seconds], "s", size=size, engine=engine)
        yield measures.of(f"{name}: peak of memory", [one["parent"]], "MiB", size=size, engine=engine)
        if way != "default":
            peak = one["child"]
            yield measures.of(f"{name}: peak of the reader", [peak], "MiB", size=size, engine=engine)
            times = rates[way] / rates["default"]
            yield measures.of(f"{name}: times import-export's own", [times], "×", size=size, engine=engine)
            times = work["default"] / work[way]
            named = f"{name}: times import-export's own, in processor time"
            yield measures.of(named, [times], "×", size=size, engine=engine)


def _run(engine: str, way: str) -> Found:
    """Run one way in a database of its own."""
    with surroundings(engine) as environment:
        folder = Path(environment["VAR_DIR"])
        url = environment.get("DATABASE_URL", f"sqlite:///{folder}/ledgers.sqlite3")
        own = {"DATABASE_URL": url, "SECRET_KEY": "x" * 60, "HTTPS": "0", "ALLOWED_HOSTS": "localhost"}
        own |= {"LOG_LEVEL": "ERROR"}
        for step in ("prepare", way):
            done = subprocess.run(
                [sys.executable, "-m", "bench.ledger_runs", step, str(folder)],
                cwd=ROOT,
                env=os.environ | environment | own,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        answer: Found = json.loads(done.stdout.splitlines()[-1])
        return answer
