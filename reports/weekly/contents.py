"""What one unit did in one week, as its weekly report shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from reports.records.models import ActivityRecord
from reports.records.states import Status
from reports.statistics.reading import Totals, own_totals
from reports.weekly.models import WeeklyReport
from units.scope import Person

N_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """The unit's records of the week, the latest first and at most N_SHOWN, and what they add up to.

    `totals` are the approved ones as the ledger counts them; `n_waiting`, `n_returned` and `n_drafts`
    are not part of them yet.
    """

    records: list[ActivityRecord]
    totals: Totals
    n_approved: int
    n_waiting: int
    n_returned: int
    n_drafts: int

    @property
    def n_records(self) -> int:
        """Return the number of records that are not void."""
        return self.n_approved + self.n_waiting + self.n_returned + self.n_drafts

    @property
    def n_not_shown(self) -> int:
        """Return how many records the list leaves out."""
        return self.n_records - len(self.records)


def contents(report: WeeklyReport, *, reader: Person) -> Contents:
    """Return what `reader` may see of the week that `report` is about.

    Queries: three, plus those for the reader's grants.
    """
    week = ActivityRecord.objects.visible_to(reader).filter(unit=report.unit).in_period(report.period)
    kept = week.exclude(status=Status.VOID)
    counted = dict(kept.order_by().values_list("status").annotate(Count("pk")))
    return Contents(
        records=list(kept.with_names().latest_first()[:N_SHOWN]),
        totals=own_totals(report.period, report.unit),
        n_approved=counted.get(Status.APPROVED, 0),
        n_waiting=counted.get(Status.SUBMITTED, 0),
        n_returned=counted.get(Status.RETURNED, 0),
        n_drafts=counted.get(Status.DRAFT, 0),
    )
