"""Count approved records for the ledger: the only place that adds records up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from reports.campaigns.models import RECORDS, Campaign
from reports.records.models import ActivityRecord
from reports.records.querysets import RecordQuerySet
from reports.statistics.ledger import Key, Values


def count(keys: Iterable[Key]) -> Mapping[Key, Values]:
    """Return for each key the sums over the unit's own approved records; a key without any is absent.

    Queries: one per 5,000 units touched.
    """
    wanted = set(keys)
    units = sorted({key.unit for key in wanted})
    found: dict[Key, Values] = {}
    for start in range(0, len(units), 5000):
        rows = ActivityRecord.objects.filter(
            unit__in=units[start : start + 5000],
            period__in={key.period for key in wanted},
            activity_type__in={key.activity_type for key in wanted},
        )
        found.update(_sums(rows, wanted))
    return found


def count_all(campaign: Campaign) -> Mapping[Key, Values]:
    """Return the sums of every key of a campaign, for a rebuild or a check."""
    return _sums(ActivityRecord.objects.filter(period__campaign=campaign), None)


def _sums(rows: RecordQuerySet, wanted: set[Key] | None) -> dict[Key, Values]:
    """Add up the approved ones of `rows`, those of `wanted` keys only where given."""
    sums: dict[Key, defaultdict[str, int]] = {}
    columns = rows.approved().order_by().values_list("unit_id", "period_id", "activity_type_id", "values")
    for unit, period, activity_type, values in columns.iterator():
        key = Key(unit, period, activity_type)
        if wanted is not None and key not in wanted:
            continue
        total = sums.setdefault(key, defaultdict(int))
        total[RECORDS] += 1
        for code, number in values.items():
            total[code] += number
    return {key: dict(total) for key, total in sums.items()}
