"""`python -m bench [name …]` with names such as start, pages, ledgers or plots; without one, all."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bench import accounts, backlog, board, digests, freshness, ledgers, opening, pages, plots, starting
from bench.measures import Measure, keep
from bench.portals import engines, portal
from bench.scale import measuring, tables

NAMES = ["start", "pages", "freshness", "backlog", "accounts", "board", "ledgers", "digests", "opening"]
NAMES += ["scale", "records", "tests", "plots"]


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}")
    wanted = set(parser.parse_args().names) or set(NAMES)
    if wanted - set(NAMES):
        parser.error(f"known are {', '.join(NAMES)}")
    for measure in measures(wanted):
        keep(measure)
    if "plots" in wanted:
        plots.draw()
        tables.write()


def measures(wanted: set[str]) -> Iterator[Measure]:
    """Yield each wanted figure as soon as it is known."""
    if "start" in wanted:
        yield from starting.measure_start()
    for engine in engines():
        yield from _on(engine, wanted)
    if "tests" in wanted:
        yield from starting.measure_tests()


def _on(engine: str, wanted: set[str]) -> Iterator[Measure]:
    """Yield the figures of one engine: first those of a running portal, then those of a bare database."""
    if wanted & {"pages", "freshness"}:
        with portal(engine) as running:
            for name, of_portal in (("pages", pages.measure), ("freshness", freshness.measure)):
                if name in wanted:
                    yield from of_portal(running)
    for name, of_database in (
        ("backlog", backlog.measure),
        ("accounts", accounts.measure),
        ("board", board.measure),
        ("ledgers", ledgers.measure),
        ("digests", digests.measure),
        ("opening", opening.measure),
        ("scale", measuring.measure),
        ("records", measuring.measure_records),
    ):
        if name in wanted:
            yield from of_database(engine)


if __name__ == "__main__":
    main()
