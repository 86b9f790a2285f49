"""Let the totals follow the moves of units: history moves along with the unit.

Called by whoever holds the campaign and the tree: the tally and the rebuild.
"""

from __future__ import annotations

from django.db.models import Max, Q

from reports.campaigns.models import Campaign
from reports.statistics.cells import store
from reports.statistics.ledger import Key, Values, add, subtract
from reports.statistics.models import Cell, LedgerState
from units import paths
from units.models import TreeChange


def behind_campaign_ids() -> list[int]:
    """Return the numbers of the campaigns whose ledger has not followed the last move yet."""
    last = TreeChange.objects.aggregate(last=Max("pk"))["last"]
    if last is None:
        return []
    behind = Q(ledgerstate__isnull=True) | Q(ledgerstate__last_change__lt=last)
    return list(Campaign.objects.filter(behind).values_list("pk", flat=True))


def follow(campaign_id: int) -> int:
    """Carry the totals of every moved unit from its old ancestors to its new ones; return how many moved.

    Queries: two when nothing has moved; else about six per move.
    """
    state, _is_new = LedgerState.objects.get_or_create(campaign_id=campaign_id)
    changes = list(TreeChange.objects.filter(pk__gt=state.last_change).order_by("pk"))
    for change in changes:
        old = set(paths.ancestor_ids(change.from_path))
        new = set(paths.ancestor_ids(change.to_path))
        totals = {
            (cell.period_id, cell.activity_type_id): cell.total
            for cell in Cell.objects.filter(unit_id=change.unit_id, period__campaign=campaign_id)
        }
        _carry(campaign_id, old - new, {key: subtract({}, total) for key, total in totals.items()})
        _carry(campaign_id, new - old, totals)
    if changes:
        LedgerState.objects.filter(pk=campaign_id).update(last_change=changes[-1].pk)
    return len(changes)


def catch_up(campaign: Campaign) -> None:
    """Write down that the ledger stands on the tree of this moment, as after a rebuild."""
    last = TreeChange.objects.aggregate(last=Max("pk"))["last"] or 0
    LedgerState.objects.update_or_create(campaign=campaign, defaults={"last_change": last})


def _carry(campaign_id: int, ancestors: set[int], moved: dict[tuple[int, int | None], Values]) -> None:
    """Add the moved totals to those of the ancestors, cell by cell."""
    stored = {
        Key(cell.unit_id, cell.period_id, cell.activity_type_id): cell
        for cell in Cell.objects.filter(unit__in=ancestors, period__campaign=campaign_id)
    }
    touched = []
    for ancestor in ancestors:
        for (period, activity_type), total in moved.items():
            key = Key(ancestor, period, activity_type)
            cell = stored.get(key) or Cell(unit_id=ancestor, period_id=period, activity_type_id=activity_type)
            cell.total = add(cell.total, total)
            touched.append(cell)
    store(touched)
