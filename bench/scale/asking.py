"""A process that fills one bureau and asks it what `bench.scale.measuring` tells it to, line by line."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from bench.scale import people, tree, work
from bench.scale.pages import PAGES, QUERIES, facts
from bench.scale.pouring import pour
from bench.scale.sizes import SIZES
from units.models import Account, Unit, UnitKind


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
            return {"seconds": fill(order["fill"])}
        if not cls.asks:
            cls.asks = questions(order["units"])
        if "names" in order:
            return {"names": list(cls.asks)}
        ask = cls.asks[order["ask"]]
        with counting() as statements:
            begun = time.perf_counter()
            n_bytes = ask()
            seconds = time.perf_counter() - begun
        found = {"seconds": seconds, "queries": len(statements), "bytes": n_bytes}
        return found | ({"statements": statements} if order.get("explain") else {})


def fill(n_units: int) -> float:
    """Fill the empty database; return the seconds that it took."""
    begun, size, shape = time.perf_counter(), SIZES[n_units], tree.Shape.of(n_units)
    call_command("migrate", verbosity=0)
    kinds = dict(UnitKind.objects.values_list("code", "pk"))
    with transaction.atomic():
        frame = work.begin()
        pour(Unit, tree.FIELDS, tree.units(n_units, kinds))
        people.fill(shape, size.accounts, size.teams)
        work.fill(frame, shape, n_units, size.records)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return time.perf_counter() - begun


def questions(n_units: int) -> dict[str, Callable[[], Any]]:
    """Return every question by its name."""
    known = facts(n_units)
    persons = {name: Account.objects.get(username=name) for name in {page.person for page in PAGES}}
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

    found: dict[str, Callable[[], Any]] = {one.name: page(one.person, one.address) for one in PAGES}
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
