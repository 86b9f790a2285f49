"""The numbers of a record as people read them: under their name, with their unit of measure."""

from __future__ import annotations

from dataclasses import dataclass

from reports.campaigns.models import Indicator
from reports.records.content import shown
from reports.records.models import ActivityRecord


@dataclass(frozen=True, slots=True)
class Number:
    """One indicator with what was entered for it; `shown` is empty where nothing was."""

    indicator: Indicator
    shown: str


def numbers_of(record: ActivityRecord) -> list[Number]:
    """Return the numbers of one record in the form's order; of retired indicators only those entered.

    Queries: one, none where the type's indicators were fetched along.
    """
    indicators = sorted(
        record.activity_type.indicators.all(), key=lambda indicator: (indicator.position, indicator.pk)
    )
    return [
        Number(indicator, _shown(record.values.get(indicator.code), indicator))
        for indicator in indicators
        if indicator.code in record.values or not indicator.is_retired
    ]


def _shown(value: int | None, indicator: Indicator) -> str:
    """Return one value with its decimals; empty for none."""
    return "" if value is None else shown(value, indicator)
