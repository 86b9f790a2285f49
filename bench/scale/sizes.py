"""The sizes that are compared."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything one bureau holds."""

    units: int
    accounts: int
    teams: int
    records: int


BUREAUS = (Size(50, 50, 5, 500), Size(3_000, 3_000, 60, 10_000), Size(500_000, 50_000, 300, 200_000))
RECORDS = tuple(Size(3_000, 3_000, 60, n_records) for n_records in (10_000, 100_000, 1_000_000))
