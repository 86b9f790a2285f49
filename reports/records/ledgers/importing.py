"""Import a ledger that was looked at, and use it up."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.db import transaction

from reports.records.ledgers.carrying_out import carry_out
from reports.records.ledgers.handing_in import find, ledger_of, use_up
from reports.records.ledgers.planning import Plan
from units.models import Account


def carry_out_upload(key: uuid.UUID, *, actor: Account, seen: Mapping[int, int]) -> Plan:
    """Import a ledger and use it up, in one transaction: of two clicks one imports, the other gets `gone`.

    Raises: RuleError `gone`, or as `carry_out`; the ledger stays then and can be looked at again.
    """
    upload = find(key, actor=actor)
    # Unpacked before the transaction: on SQLite it keeps every other writer waiting.
    ledger = ledger_of(upload, actor=actor)
    with transaction.atomic():
        use_up(upload)
        return carry_out(ledger, actor=actor, seen=seen)
