"""What one person should read about one week; plain facts, no words and no markup."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from reports.campaigns.models import Period
from reports.records.explaining import Explained, doubts_of
from reports.records.models import ActivityRecord
from reports.statistics.reading import Totals
from reports.weekly.models import Standing, WeeklyReport
from reports.weekly.rates import Rates
from units.models import Account, Unit


def whole(pct: Decimal | None) -> int | None:
    """Return a share in whole percent, rounded down, so that only all of them are 100 %; None stays None."""
    return None if pct is None else int(pct.to_integral_value(ROUND_DOWN))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the week with the one of the week before; None where nothing was reported."""

    code: str
    value: int | None
    before: int | None

    @property
    def change(self) -> int | None:
        """Return the difference to the week before, None where one of the two is missing."""
        return None if self.value is None or self.before is None else self.value - self.before


@dataclass(frozen=True, slots=True)
class Returned:
    """One record that waits to be corrected, and why."""

    pk: int
    title: str
    held_on: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Odd:
    """One record in the queue that asked for an explanation: what was doubtful, and what was answered."""

    title: str
    record: ActivityRecord

    @property
    def doubts(self) -> list[Explained]:
        """Return the doubts in the language of the moment, which is the reader's."""
        return doubts_of(self.record)


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of a small chart: its period, its figure, and its length in % of the longest."""

    period: Period
    value: int | None
    length_pct: int


@dataclass(frozen=True, slots=True)
class LiaisonDigest:
    """A unit, for who reports for it: the week's report, what is to do, the week's figures.

    `report` is the unit's own for the week, None where it owed nothing. `due` are the reports that can still
    be filed, the most urgent first. Of `returned` the latest come along; `n_returned` counts them all.
    `rates` are the unit's own over the campaign, `median_pct` the median share in time of its kind.
    """

    unit: Unit
    report: WeeklyReport | None
    standing: Standing | None
    rates: Rates
    median_pct: Decimal | None
    figures: list[Figure]
    n_drafts: int
    n_waiting: int
    n_returned: int
    returned: list[Returned]
    due: list[WeeklyReport]

    @property
    def n_to_do(self) -> int:
        """Return how many things wait for the person."""
        return self.n_returned + len(self.due)


@dataclass(frozen=True, slots=True)
class ReviewerDigest:
    """The queue and the units that owe the week's report or were late, in the tree's order."""

    n_waiting: int
    oldest_at: dt.datetime | None
    missing: list[Unit]
    late: list[Unit]
    n_odd: int
    odd: list[Odd]


@dataclass(frozen=True, slots=True)
class Place:
    """One unit with its week's totals."""

    unit: Unit
    totals: Totals


@dataclass(frozen=True, slots=True)
class LeaderDigest:
    """How it stands at the units that a person looks at: figures, punctuality, who leads, who is silent.

    `team` names the team through which the person looks, and is empty for the leadership.
    """

    team: str
    figures: list[Figure]
    so_far: Totals
    filed: Rates
    filed_before: Rates
    bars: list[Bar]
    top: list[Place]
    silent: list[Unit]
    missing: list[Unit]

    @property
    def in_time_change(self) -> int | None:
        """Return the change of the punctual share in percentage points, as the two are printed."""
        now, before = whole(self.filed.in_time_pct), whole(self.filed_before.in_time_pct)
        return None if now is None or before is None else now - before


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one person reads about one week, in one mail."""

    person: Account
    period: Period
    liaison: list[LiaisonDigest]
    reviewer: ReviewerDigest | None
    leader: list[LeaderDigest]

    @property
    def n_returned(self) -> int:
        """Return how many records the person should correct."""
        return sum(section.n_returned for section in self.liaison)
