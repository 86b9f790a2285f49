"""A ledger that was handed in: what was said beside it, and its sheets as they were read once."""

from __future__ import annotations

import datetime as dt
import json
import uuid
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from reports.campaigns.models import ActivityType, Campaign
from reports.records.ledgers.planning import Plan, Planner
from reports.records.ledgers.tables import Tables, layouts_of
from units import scope
from units.importing.uploads import LIFETIME, expire, gone
from units.models import Account, Unit, Upload
from units.workbooks.reading import Cell, Sheet

PURPOSE = Upload.Purpose.LEDGER


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says beside the cells.

    For which unit and campaign; whether the rows are handed in or kept as drafts; of which type they are
    where the file does not say it; whether they may lack a heading row.
    """

    unit: Unit
    campaign: Campaign
    is_final: bool
    chosen: ActivityType | None = None
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger with its sheets."""

    said: Said
    sheets: list[Sheet]

    @property
    def unit(self) -> Unit:
        """Return the unit whose ledger it is."""
        return self.said.unit


def plan_of(ledger: Ledger) -> Plan:
    """Return what an import would do now; nothing is written. Queries: six."""
    said = ledger.said
    tables = Tables(said.unit, said.campaign, layouts_of(said.campaign), said.chosen, said.is_bare)
    tables.find(ledger.sheets)
    planner = Planner(said.unit, said.campaign, said.is_final)
    items = planner.plan(tables.found)
    return Plan(said.unit, items, [*tables.problems, *planner.problems], tables.passed_over)


@transaction.atomic
def keep(name: str, ledger: Ledger, *, actor: Account) -> Upload:
    """Store a ledger until its import, in place of the person's earlier one; drop what is too old."""
    expire()
    Upload.objects.filter(account=actor, purpose=PURPOSE).delete()
    said = ledger.said
    options = {
        "unit": said.unit.pk,
        "campaign": said.campaign.pk,
        "is_final": said.is_final,
        "chosen": said.chosen.pk if said.chosen else None,
        "is_bare": said.is_bare,
    }
    return Upload.objects.create(
        account=actor, purpose=PURPOSE, name=name, content=_packed(ledger.sheets), options=options
    )


def find(key: uuid.UUID, *, actor: Account) -> Upload:
    """Return the person's own ledger of that key. Raises: RuleError `gone`."""
    fresh = Upload.objects.filter(account=actor, created_at__gte=timezone.now() - LIFETIME)
    upload: Upload | None = fresh.filter(key=key, purpose=PURPOSE).first()
    if upload is None:
        raise gone()
    return upload


def ledger_of(upload: Upload, *, actor: Account) -> Ledger:
    """Return a stored ledger, if the person still reports for its unit.

    Raises: RuleError `gone` where the unit is out of reach, or its campaign no more.
    """
    said = upload.options
    unit = scope.units(actor, scope.REPORT).filter(pk=said["unit"]).first()
    campaign = Campaign.objects.filter(pk=said["campaign"]).first()
    if unit is None or campaign is None:
        raise gone()
    chosen = campaign.types.filter(pk=said["chosen"]).first() if said["chosen"] else None
    return Ledger(
        Said(unit, campaign, said["is_final"], chosen, said["is_bare"]), _unpacked(bytes(upload.content))
    )


def use_up(upload: Upload) -> None:
    """Take a ledger away, inside the transaction of its import: of two clicks one finds it.

    Raises: RuleError `gone`.
    """
    n_claimed, _models = Upload.objects.filter(pk=upload.pk).delete()
    if not n_claimed:
        raise gone()


def _packed(sheets: Iterable[Sheet]) -> bytes:
    """Return sheets as they are stored, so that a foreign file is opened once."""
    written = [{"name": sheet.name, "rows": sheet.rows} for sheet in sheets]
    return zlib.compress(json.dumps(written, ensure_ascii=False, default=_written).encode(), 1)


def _unpacked(content: bytes) -> list[Sheet]:
    """Return stored sheets."""
    stored = json.loads(zlib.decompress(content))
    return [
        Sheet(sheet["name"], [[_cell(cell) for cell in row] for row in sheet["rows"]]) for sheet in stored
    ]


def _written(value: object) -> object:
    """Return a day or a moment as JSON can hold it."""
    if isinstance(value, dt.datetime):
        return {"m": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    raise TypeError(type(value))


def _cell(value: object) -> Cell:
    """Return a stored cell."""
    if isinstance(value, dict):
        [(kind, text)] = value.items()
        return dt.date.fromisoformat(text) if kind == "d" else dt.datetime.fromisoformat(text)
    return value  # type: ignore[return-value]
