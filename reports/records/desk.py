"""The desk of a person who reports: for which unit, with which types, after which example."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.functions import Coalesce

from reports.campaigns.models import ActivityType, Campaign
from reports.records.models import ActivityRecord
from units import scope
from units.models import Account, Unit

# More than anybody picks from; a grant above a whole province would fill the page.
MOST_UNITS = 200
N_EXAMPLES = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """The unit on screen, and those that the person may report for."""

    unit: Unit
    units: list[Unit]

    @property
    def is_shared(self) -> bool:
        """Say whether there is more than one unit to pick from."""
        return len(self.units) > 1


@dataclass(frozen=True, slots=True)
class Tile:
    """One type to choose, with the number of records that the unit has of it."""

    activity_type: ActivityType
    n_records: int


def desk_of(user: Account, wanted: str = "") -> Desk | None:
    """Return the desk with the unit of the id `wanted`, else the person's own unit, else their first one.

    None where the person reports for no unit. Queries: two, three for one unit out of more than 200.
    Raises: Http404 when `wanted` is no unit that the person reports for.
    """
    reportable = scope.units(user, scope.REPORT).select_related("kind").in_tree_order()
    units = list(reportable[:MOST_UNITS])
    if not units:
        return None
    if wanted:
        known = {str(unit.pk): unit for unit in units}
        pk = int(wanted) if wanted.isdecimal() else 0
        return Desk(known.get(wanted) or scope.get_or_404(reportable, pk=pk), units)
    own = [unit for unit in units if unit.pk == user.unit_id]
    return Desk((own or units)[0], units)


def tiles(campaign: Campaign, unit: Unit) -> list[Tile]:
    """Return the types on offer, the unit's most used first, else in the bureau's order. Queries: one."""
    used = Coalesce(ActivityRecord.objects.of_unit(unit).n_of_type(), 0)
    offered = [Tile(kind, kind.n_used) for kind in campaign.types.offered().annotate(n_used=used)]
    return sorted(offered, key=lambda tile: -tile.n_records)


def examples(campaign: Campaign, unit: Unit) -> list[ActivityRecord]:
    """Return the unit's latest records of types still on offer, to begin with a copy. Queries: one."""
    records = ActivityRecord.objects.of_unit(unit).of_campaign(campaign)
    return list(records.filter(activity_type__is_retired=False).with_names().latest_first()[:N_EXAMPLES])


def last_values(
    unit: Unit, activity_type: ActivityType, *, but: ActivityRecord | None = None
) -> dict[str, int]:
    """Return the numbers of the unit's latest record of a type, for a hint. Queries: one."""
    records = ActivityRecord.objects.of_unit(unit).filter(activity_type=activity_type)
    if but is not None:
        records = records.exclude(pk=but.pk)
    found = records.latest_first().values_list("values", flat=True).first()
    return dict(found or {})
