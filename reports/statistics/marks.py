"""Mark totals as stale, inside the transaction of the verb that made them so."""

from __future__ import annotations

from collections.abc import Iterable

from reports.campaigns.models import Period
from reports.statistics.ledger import Key
from reports.statistics.models import StaleCell
from units import doorbell


def mark_stale(keys: Iterable[tuple[Period, Key]]) -> None:
    """Write one mark per distinct key and ring for the tally; each key comes with its period.

    Margins are not marked: they follow from the cells of types. Queries: one per 2,000 keys.
    """
    campaigns = {key: period.campaign_id for period, key in keys}
    StaleCell.objects.bulk_create(
        (
            StaleCell(
                campaign_id=campaign_id,
                unit_id=key.unit,
                period_id=key.period,
                activity_type_id=key.activity_type,
            )
            for key, campaign_id in campaigns.items()
            if key.activity_type is not None
        ),
        batch_size=2000,
    )
    doorbell.ring("tasks.tally")
