"""Every address × every role × own, foreign, deleted and missing object × every method."""

from __future__ import annotations

import difflib
from collections.abc import Callable

import pytest

from tests.matrix.asking import NOTES_THE_LOOK, Asker, Told, ask, browser_of
from tests.matrix.cast import CAST, SCHOOL, SITES, account_of
from tests.matrix.expected import Outcome, expected
from tests.matrix.objects import Things, canary, plant
from tests.matrix.places import asked_for
from tests.personas import World
from tests.portal.test_addresses import ALL, FORGED, Address

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# HEAD is GET without its body, OPTIONS is refused like PUT: asked once of each address.
ONCE = ("HEAD", "OPTIONS")
ONCE_AT = {"", "missing", "everywhere", SCHOOL}
# The auditor reads the whole trail, which names what was done anywhere.
READS_THE_TRAIL = "admin:units_auditentry_"


class Walk:
    """One role's walk through every address; `wrong` holds what was not as written."""

    def __init__(self, role: str, browser: Asker, things: Things) -> None:
        self.role, self.part, self.browser, self.things = role, CAST[role], browser, things
        self.n_cases = 0
        self.wrong: list[str] = []

    def through(self, address: Address) -> None:
        """Ask one address for everything by every method."""
        missing: dict[tuple[str, str], tuple[Told, Outcome]] = {}
        for path, kind, site in asked_for(address, self.things):
            for method in (*METHODS, *ONCE) if site in ONCE_AT else METHODS:
                told = ask(self.browser, method, path, FORGED if method == "POST" else None)
                self.n_cases += 1
                outcome = expected(address.name, address.policy, self.part, method, kind, site)
                if site == "missing":
                    missing[kind, method] = told, outcome
                self.judge(address, method, told, outcome)
                self.compare(told, outcome, *missing.get((kind, method), (told, outcome)))

    def compare(self, told: Told, outcome: Outcome, missing: Told, outcome_of_missing: Outcome) -> None:
        """Note where something that is hidden answers otherwise than what is not there."""
        if outcome is Outcome.IN or outcome is not outcome_of_missing:
            return
        ours, theirs = told.anonymous(), missing.anonymous()
        if ours != theirs:
            lines = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "missing", told.path, n=0)
            self.wrong.append("\n".join([f"{self.role}: {told.path} is told from a missing one:", *lines]))

    def judge(self, address: Address, method: str, told: Told, outcome: Outcome) -> None:
        """Note what is wrong with one answer."""
        case = f"{self.role} {method} {told.path}: {told.status}"
        if told.status not in outcome.value:
            self.wrong.append(f"{case}, not {outcome.name}, leads to {told.location}")
        if outcome is Outcome.SIGN_IN and not told.location.startswith(("/sign-in/?", "/admin/login/?")):
            self.wrong.append(f"{case} leads to {told.location}")
        written = told.written - NOTES_THE_LOOK.get(address.name, set())
        if written and (method != "POST" or outcome not in {Outcome.IN, Outcome.PUBLIC}):
            self.wrong.append(f"{case} wrote {sorted(written)}")
        for site in SITES:
            if self.part.held.get(site) or address.name.startswith(READS_THE_TRAIL):
                continue
            if canary(site).encode() in told.body:
                self.wrong.append(f"{case} shows {canary(site)}")


@pytest.mark.usefixtures("brief_refusals")
@pytest.mark.parametrize("role", CAST)
def test_c17_c27_every_address_answers_each_role_as_written(
    world: World, role: str, record_property: Callable[[str, object], None]
) -> None:
    account = account_of(world, role)
    things = plant(world, account)
    walk = Walk(role, browser_of(account), things)
    for address in ALL:
        walk.through(address)
    record_property("cases", walk.n_cases)
    assert walk.wrong == [], "\n".join(walk.wrong)
    assert walk.n_cases > 1500
