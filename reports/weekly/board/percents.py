"""How a rate is written: in whole percent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from reports.weekly.rates import HUNDRED, Rates

# In the order of every table and file.
NAMES = ("in_time_pct", "late_pct", "zero_pct", "returned_pct", "missing_pct")


def whole(share: Decimal | None) -> str:
    """Return a share in whole percent; — where nothing was owed.

    100 means all and 0 means none: what is a little less or more is 99 or 1.
    """
    if share is None:
        return "—"
    rounded = int(share.quantize(Decimal(1), ROUND_HALF_UP))
    if 0 < share < HUNDRED:
        rounded = min(99, max(1, rounded))
    return str(rounded)


def whole_of(rates: Rates) -> list[str]:
    """Return the five rates in the order of NAMES."""
    return [whole(getattr(rates, name)) for name in NAMES]
