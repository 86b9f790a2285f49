"""Ten thousand random requests: any role, address, object, method and parameters; one seed.

Whatever is asked: the portal does not fail, shows nobody a canary from elsewhere, and no row of elsewhere
changes.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from django.db import models
from django.http import QueryDict

from reports.records.models import ActivityRecord
from reports.weekly.models import WeeklyReport
from tests.matrix.asking import Asker, browser_of, sent, undone
from tests.matrix.cast import CAST, SITES, account_of
from tests.matrix.objects import MISSING, Things, canary, plant
from tests.matrix.places import is_numbered, kinds_of, path_of
from tests.personas import World
from tests.portal.test_addresses import ALL, FORGED, Address
from units.models import Account, Mail, Unit

SEED = 20261123
N_PROBES = 10_000
METHODS = ["GET"] * 9 + ["POST"] * 9 + ["HEAD", "PUT", "DELETE"]
WORDS = [
    "1",
    "0",
    "-1",
    "abc",
    "canary",
    "9" * 25,
    "\x00",
    "１２",
    "'\"<x>",
    "%",
    "2026-11-23",
    "approve",
    "//x",
    "中",
]
# Parameters that some page somewhere reads.
KNOWN = """q page p o e all next unit week type status after copy complete _popup _to_field
_changelist_filters
action _selected_action select_across chosen parent kind account new on confirmed format id pk app_label
model_name field_name term unit__id__exact person address since until sort language"""
NAMES = [*FORGED, *KNOWN.split()]
# What lies at a site, and how a row of it is found.
ROWS: dict[str, type[models.Model]] = {
    "unit": Unit,
    "account": Account,
    "draft": ActivityRecord,
    "record": ActivityRecord,
    "weekly": WeeklyReport,
    "mail": Mail,
}


class Prober:
    """One role with its browser and what lies outside its reach."""

    def __init__(self, world: World, role: str, things: Things) -> None:
        self.role, self.part = role, CAST[role]
        self.browser: Asker = browser_of(account_of(world, role))
        self.strange = [site for site in SITES if not self.part.held.get(site)]
        self.things = things

    def strange_rows(self) -> list[Any]:
        """Return every column of every row of elsewhere."""
        found: list[Any] = []
        for kind, model in ROWS.items():
            numbers = [one for site in self.strange for one in self.things.numbers[kind][site]]
            found += list(model._default_manager.filter(pk__in=numbers).order_by("pk").values())
        return found


def some(random: Random, things: Things) -> QueryDict:
    """Return random parameters: known names, with numbers of things, words and nonsense."""
    data = QueryDict(mutable=True)
    numbers = [one for sites in things.numbers.values() for of_site in sites.values() for one in of_site]
    for _ in range(random.randint(0, 8)):
        data.appendlist(random.choice(NAMES), random.choice([*WORDS, str(random.choice(numbers))]))
    if random.random() < 0.3:
        data.update(FORGED)
    return data


def somewhere(random: Random, address: Address, things: Things) -> str:
    """Return a path to anything of the kind of the address, or to nothing."""
    if not is_numbered(address):
        return path_of(address)
    numbers = [one for kind in kinds_of(address) for found in things.numbers[kind].values() for one in found]
    return path_of(address, random.choice([*numbers, *numbers, MISSING]))


@pytest.mark.usefixtures("brief_refusals")
@pytest.mark.parametrize("part", range(4))
def test_c17_ten_thousand_random_requests_leak_and_change_nothing(
    world: World, part: int, record_property: Callable[[str, object], None]
) -> None:
    random = Random(SEED + part)
    things = plant(world, None)
    probers = [Prober(world, role, things) for role in CAST]
    stored = {one.role: one.strange_rows() for one in probers}
    n_probes = N_PROBES // 4
    for number in range(n_probes):
        prober, address = random.choice(probers), random.choice(ALL)
        method, path = random.choice(METHODS), somewhere(random, address, things)
        data = some(random, things)
        case = (SEED + part, number, prober.role, method, path, data.dict())
        with undone() as written:
            answer = sent(prober.browser, method, path, data)
            body = b"".join(answer) if answer.streaming else answer.content
            if {model._meta.db_table for model in ROWS.values()} & written:
                assert prober.strange_rows() == stored[prober.role], case
        assert answer.status_code < 500 or path == "/readyz", case
        if "auditentry" not in path:
            assert [site for site in prober.strange if canary(site).encode() in body] == [], case
    record_property("cases", n_probes)
