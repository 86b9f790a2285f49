"""The rates of owed reports: one definition each, from the same rows.

A row counts once its due moment is over and nobody has excused it. Then it is exactly one of: filed in time,
filed late, returned and not filed again, missing; a zero report is filed like any other. So the four add up
to what was owed and no rate can pass 100 %.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q

from reports.weekly.models import WeeklyReport

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Rates:
    """Numbers of reports; `n_zero` and `n_sent_back` (returned at least once) are part of the others."""

    n_owed: int = 0
    n_in_time: int = 0
    n_late: int = 0
    n_zero: int = 0
    n_returned: int = 0
    n_missing: int = 0
    n_sent_back: int = 0

    def __add__(self, other: Rates) -> Rates:
        return Rates(*(getattr(self, name) + getattr(other, name) for name in COLUMNS))

    @property
    def in_time_pct(self) -> Decimal | None:
        """Return the share of reports filed in time, 0 to 100; None where nothing was owed."""
        return self._pct(self.n_in_time)

    @property
    def late_pct(self) -> Decimal | None:
        """Return the share of reports filed late."""
        return self._pct(self.n_late)

    @property
    def zero_pct(self) -> Decimal | None:
        """Return the share of zero reports."""
        return self._pct(self.n_zero)

    @property
    def returned_pct(self) -> Decimal | None:
        """Return the share of reports that were returned at least once."""
        return self._pct(self.n_sent_back)

    @property
    def missing_pct(self) -> Decimal | None:
        """Return the share of reports that are not there."""
        return self._pct(self.n_missing)

    def _pct(self, number: int) -> Decimal | None:
        return number * HUNDRED / self.n_owed if self.n_owed else None


COLUMNS = ("n_owed", "n_in_time", "n_late", "n_zero", "n_returned", "n_missing", "n_sent_back")
NOTHING = Rates()


def counted(now: dt.datetime) -> dict[str, Count]:
    """Return one aggregate per column of Rates at the aware moment `now`, for `aggregate` or `annotate`."""
    owed = Q(excused_at=None, due_at__lt=now)
    filed, open_ = owed & Q(filed_at__isnull=False), owed & Q(filed_at=None)
    return {
        "n_owed": Count("pk", filter=owed),
        "n_in_time": Count("pk", filter=filed & Q(filed_at__lte=F("due_at"))),
        "n_late": Count("pk", filter=filed & Q(filed_at__gt=F("due_at"))),
        "n_zero": Count("pk", filter=filed & Q(is_zero=True)),
        "n_returned": Count("pk", filter=open_ & Q(returned_at__isnull=False)),
        "n_missing": Count("pk", filter=open_ & Q(returned_at=None)),
        "n_sent_back": Count("pk", filter=owed & Q(n_returns__gt=0)),
    }


def of_reports(reports: Iterable[WeeklyReport], now: dt.datetime) -> Rates:
    """Return the same from rows that were read already."""
    owed = [report for report in reports if report.excused_at is None and report.due_at < now]
    filed = [report for report in owed if report.filed_at is not None]
    n_in_time = sum(report.is_in_time for report in filed)
    n_returned = sum(report.filed_at is None and report.returned_at is not None for report in owed)
    return Rates(
        n_owed=len(owed),
        n_in_time=n_in_time,
        n_late=len(filed) - n_in_time,
        n_zero=sum(report.is_zero for report in filed),
        n_returned=n_returned,
        n_missing=len(owed) - len(filed) - n_returned,
        n_sent_back=sum(report.n_returns > 0 for report in owed),
    )
