"""The addresses of the matrix: what kind of object each numbers, and what fills its other holes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

from tests.matrix.cast import SITES
from tests.matrix.objects import DELETED, MISSING, MISSING_KEY, Things
from tests.portal.test_addresses import ALL, Address

# By the beginning of the address's name; the first that fits counts. A new app needs a line here.
KINDS: dict[str, tuple[str, ...]] = {
    "records:filter-": ("filter",),
    "records:file-attach": ("draft", "record"),
    "records:file-": ("file",),
    "records:typed-": ("unsent",),
    "records:ledger-": ("ledger-list",),
    "records:": ("draft", "record"),
    "weekly:board-": ("unit",),
    "weekly:decision-": ("decision",),
    "weekly:": ("weekly",),
    "units:": ("unit",),
    "unit-people": ("unit",),
    "reorganisation:": ("unit",),
    "campaign-choose": ("campaign",),
    "session-end": ("session",),
    "mfa_": ("passkey",),
    "admin:units_unit_import_": ("units-list",),
    "admin:units_account_import_": ("people-list",),
    "admin:units_unit_": ("unit",),
    "admin:units_unitkind_": ("kind",),
    "admin:units_account_": ("account",),
    "admin:units_team_": ("team",),
    "admin:units_mail_": ("mail",),
    "admin:units_auditentry_": ("entry",),
    "admin:units_auditalert_": ("alert",),
    "admin:campaigns_calendaryear_": ("year",),
    "admin:campaigns_campaign_": ("campaign",),
    "admin:campaigns_period_": ("period",),
    "admin:campaigns_activitytype_": ("type",),
    "admin:records_jointevent_": ("event",),
    "admin:records_returnreason_": ("reason",),
    "admin:records_": ("draft", "record"),
    "admin:weekly_readyreason_": ("ready-reason",),
    "admin:weekly_": ("weekly",),
    "admin:digests_outsiderecipient_": ("guest",),
    "admin:digests_robot_": ("robot",),
    "admin:digests_robotmessage_": ("message",),
}
NUMBERED = re.compile(r"\{(pk|object_id|key)\}")
# Holes that are no object: a word that leads somewhere.
WORDS = {
    "type_code": "lecture",
    "verb": "approve",
    "app_label": "units",
    "token": "forged",
    "key": str(uuid.UUID(int=1)),
    "uidb36": "1",
    "provider_id": "oidc",
}
# What the verbs of weekly reports are called, where an address has a hole for one.
VERBS = {"admin:weekly_weeklyreport_decide": "accept", "admin:weekly_weeklyreport_decide_many": "accept"}
# A key in a link that was sent by mail is a proof and no object; that of a form is one's own, whatever it is.
LINKS = {"account_reset_password_from_key", "records:file-keep"}


def is_numbered(address: Address) -> bool:
    """Say whether the address names an object."""
    return NUMBERED.search(address.route) is not None and address.name not in LINKS


def kinds_of(address: Address) -> tuple[str, ...]:
    """Return the kinds of object that the address numbers."""
    if not is_numbered(address):
        return ()
    for beginning, kinds in KINDS.items():
        if address.name.startswith(beginning):
            return kinds
    raise AssertionError(f"tests/matrix/places.py: which kind of object does {address.name} number?")


def path_of(address: Address, number: Any = "1") -> str:
    """Return the path with `number` in the hole for the object."""
    path = NUMBERED.sub(str(number), address.route) if is_numbered(address) else address.route
    words = WORDS | ({"verb": VERBS[address.name]} if address.name in VERBS else {})
    return re.sub(r"\{(\w+)\}", lambda hole: words.get(hole[1], "1"), path)


def asked_for(address: Address, things: Things) -> Iterator[tuple[str, str, str]]:
    """Yield (path, kind, site) for every object to ask for; the missing one first."""
    if not is_numbered(address):
        yield path_of(address), "", ""
        return
    for kind in kinds_of(address):
        missing: int | uuid.UUID = MISSING_KEY if "{key}" in address.route else MISSING
        yield path_of(address, missing), kind, "missing"
        for site in (DELETED, *SITES, "everywhere", "mine"):
            for number in things.numbers[kind].get(site, ()):
                yield path_of(address, number), kind, site


NAMED = {address.name: address for address in ALL}
