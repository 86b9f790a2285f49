"""A process that fills one bureau and asks it what `bench.scale.measuring` tells it to, line by line.

What an answer took is told as the clock has it, and as the work of this process and of its PostgreSQL
session: the one that a busy machine leaves alone.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from bench.scale import people, tree, work
from bench.scale.pages import PAGES, QUERIES, RECORD_PAGES, facts
from bench.scale.pouring import pour
from bench.scale.sizes import Size
from units.models import Account, Unit, UnitKind

ALL_PAGES = (*PAGES, *RECORD_PAGES)


def main() -> None:
    """Obey orders until the input ends; the parent has set Django up."""
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(Bureau.obey(order)), flush=True)


class Bureau:
    """One filled database with a signed-in browser for each person."""

    asks: dict[str, Callable[[], Any]] = {}

    @classmethod
    def obey(cls, order: dict[str, Any]) -> dict[str, Any]:
        """Fill the database, or ask one question and tell how long it took and how many queries."""
        if "fill" in order:
            return {"seconds": fill(Size(*order["fill"]))}
        if not cls.asks:
            cls.asks = questions(order["units"])
        if "names" in order:
            records = {page.name for page in RECORD_PAGES}
            return {
                "names": [name for name in cls.asks if (name in records) == (order["names"] == "records")]
            }
        ask = cls.asks[order["ask"]]
        with counting() as statements:
            begun, worked = time.perf_counter(), work_so_far()
            n_bytes = ask()
            seconds, worked = time.perf_counter() - begun, work_so_far() - worked
        found = {"seconds": seconds, "worked": worked, "queries": len(statements), "bytes": n_bytes}
        return found | ({"statements": statements} if order.get("explain") else {})


def work_so_far() -> float:
    """Return the processor's seconds of this process and of its database session, where that is another."""
    if connection.vendor != "postgresql":
        return time.process_time()
    # Kept by the kernel to the nanosecond; the server has to be on this machine.
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.process_time() + int(told.split()[0]) / 1e9


def fill(size: Size) -> float:
    """Fill the empty database; return the seconds that it took."""
    begun, shape = time.perf_counter(), tree.Shape.of(size.units)
    call_command("migrate", verbosity=0)
    kinds = dict(UnitKind.objects.values_list("code", "pk"))
    with transaction.atomic():
        frame = work.begin()
        pour(Unit, tree.FIELDS, tree.units(size.units, kinds))
        people.fill(shape, size.accounts, size.teams)
        work.fill(frame, shape, size.units, size.records)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return time.perf_counter() - begun


def questions(n_units: int) -> dict[str, Callable[[], Any]]:
    """Return every question by its name."""
    known = facts(n_units)
    persons = {name: Account.objects.get(username=name) for name in {page.person for page in ALL_PAGES}}
    clients = {name: Client() for name in persons}
    for name, client in clients.items():
        client.force_login(persons[name], "django.contrib.auth.backends.ModelBackend")

    def page(person: str, address: str) -> Callable[[], int]:
        def ask() -> int:
            response = clients[person].get(address.format(**known))
            if response.status_code != 200:
                raise RuntimeError(f"{address} answered {response.status_code}")
            return len(response.content)

        return ask

    found: dict[str, Callable[[], Any]] = {one.name: page(one.person, one.address) for one in ALL_PAGES}
    for name, person, query in QUERIES:
        found[f"scope: {name}"] = lambda query=query, person=person: query(persons[person]) and 0  # type: ignore[misc]
    return found


@contextlib.contextmanager
def counting() -> Iterator[list[str]]:
    """Yield the statements that are executed inside the block."""
    seen: list[str] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        seen.append(f"{statement} -- {values!r}"[:6000])
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        yield seen
