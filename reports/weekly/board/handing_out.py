"""Hand the board out as a file: what it shows, as far as the person may take it away, audited."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

import tablib
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign
from reports.records.handing_out import EXPORT, TAKERS, response_of
from reports.weekly.board.asking import Asked, Choices
from reports.weekly.board.marks import NOTHING_OWED
from reports.weekly.board.percents import NAMES
from reports.weekly.board.showing import Board, board
from reports.weekly.board.wording import RATE_NAMES, words
from units import scope
from units.cells import Cell, safe
from units.models import Account
from units.rules import RuleError


@transaction.atomic
def handed_out(
    asked: Asked, offered: Choices, name: str, *, actor: Account, campaign: Campaign, now: dt.datetime
) -> HttpResponse:
    """Return the board as a file of the format `name`; who only oversees a unit takes nothing of it away.

    Raises: RuleError `too_many`.
    """
    permissions = scope.READ if actor.has_perm(EXPORT) else tuple(sorted(TAKERS))
    shown = board(campaign, asked, offered, actor, now, permissions)
    if shown.lines is None:
        raise RuleError("too_many", _("The board has too many units for one file; narrow it down first."))
    table = tablib.Dataset(headers=_headings(shown), title=str(_("Board"))[:31])
    for row in _rows(shown):
        table.append([safe(value) for value in row])
    parts = [campaign.name, _("Board"), timezone.localdate(now).isoformat()]
    called = re.sub(r'[\s\\/:*?"<>|\x00-\x1f]+', "_", "-".join(parts))[:120] + f".{name}"
    return response_of(table, name, {"board": asked.query}, called, actor=actor)


def _headings(shown: Board) -> list[Cell]:
    """Return the first row."""
    weeks = [f"{week.label} {week.starts_on:%m-%d}" for week in shown.periods]
    first = [_("unit code"), _("unit"), _("kind of unit")]
    return [safe(text) for text in [*first, *weeks, _("reports owed"), *map(str, RATE_NAMES)]]


def _rows(shown: Board) -> list[list[Cell]]:
    """Return a row for each unit, then one for each rate of the columns."""
    said = words() | {NOTHING_OWED: ""}
    kinds = {kind.pk: str(kind) for kind, _rates in shown.by_kind}
    found: list[list[Cell]] = []
    for line in shown.lines or []:
        cells = [said[mark] for mark in line.marks]
        rates = [rounded(getattr(line.rates, name)) for name in NAMES]
        found.append([line.code, line.name, kinds.get(line.kind, ""), *cells, line.rates.n_owed, *rates])
    for place, name in enumerate(NAMES):
        by_period = [rounded(getattr(rates, name)) for rates in shown.by_period]
        totals: list[Cell] = [None] * len(NAMES)
        totals[place] = rounded(getattr(shown.total, name))
        found.append(["", str(RATE_NAMES[place]), "", *by_period, shown.total.n_owed, *totals])
    return found


def rounded(share: Decimal | None) -> Decimal | None:
    """Return a share with one decimal; nothing where nothing was owed."""
    return None if share is None else share.quantize(Decimal("0.1"), ROUND_HALF_UP)
