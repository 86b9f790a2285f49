"""How long the tally works on a backlog of marks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench import measures
from bench.measures import Measure
from bench.portals import surroundings
from tests.flow.racers import Racer

N_UNITS, N_RECORDS = 1000, 4


def measure(engine: str) -> Iterator[Measure]:
    """Yield the seconds in which all marks of a database without any totals are worked off."""
    with surroundings(engine) as environment:
        url = environment.get("DATABASE_URL", f"sqlite:///{Path(environment['VAR_DIR'])}/backlog.sqlite3")
        racer = Racer(environment | {"DATABASE_URL": url, "SECRET_KEY": "x" * 60, "HTTPS": "0"})
        racer.ask("prepare")
        n_marks = racer.ask("backlog", n_units=N_UNITS, n_records=N_RECORDS, n_marks=0)["n_marks"]
        worked = racer.ask("work_off")
        racer.stop()
    size = f"{n_marks} totals of {worked['n_approved']} records at {N_UNITS} units"
    yield measures.of("tally of a backlog", [worked["seconds"]], "s", size=size, engine=engine)
