"""What one person should read about one week; plain facts, no words and no markup."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.campaigns.models import Period
from reports.statistics.reading import Totals
from reports.weekly.models import Standing, WeeklyReport
from units.models import Account, Unit


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
class Filed:
    """How many reports of a week stand how; `n_owed` counts them all."""

    n_owed: int
    n_in_time: int
    n_late: int
    n_missing: int

    @property
    def in_time_pct(self) -> int | None:
        """Return the share filed by the due moment in whole percent, None where nothing was owed."""
        return round(100 * self.n_in_time / self.n_owed) if self.n_owed else None


@dataclass(frozen=True, slots=True)
class LiaisonDigest:
    """A unit, for who reports for it: the week's report, what is to do, the week's figures.

    `standing` is None where the unit owed nothing for the week. `due` are the reports that can still be
    filed, the most urgent first. Of `returned` the latest come along; `n_returned` counts them all.
    """

    unit: Unit
    standing: Standing | None
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
    filed: Filed
    filed_before: Filed
    top: list[Place]
    silent: list[Unit]

    @property
    def in_time_change(self) -> int | None:
        """Return the change of the punctual share in percentage points."""
        now, before = self.filed.in_time_pct, self.filed_before.in_time_pct
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
