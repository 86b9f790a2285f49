"""Working days, pure: public holidays and the weekend days on which people work to make up for them.

Source: the State Council's yearly notice on holidays (国务院办公厅关于部分节假日安排的通知).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

DAY = dt.timedelta(days=1)
SATURDAY = 5
# Longer than any holiday; a forged calendar without working days ends here.
MOST_DAYS_OFF = 30


@dataclass(frozen=True, slots=True)
class Special:
    """A day that is not what its weekday says: off on a holiday, or worked on a weekend."""

    name: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A deadline's day, and the holiday that it had to make way for; empty where it stays."""

    day: dt.date
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class Workdays:
    """What is known of some years; of the others, that weekends are off."""

    special: Mapping[dt.date, Special] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def knows(self, day: dt.date) -> bool:
        """Say whether the calendar of the day's year has been loaded."""
        return day.year in self.years

    def holiday_on(self, day: dt.date) -> str:
        """Return the name of the holiday on which the day is off, empty where it is none."""
        special = self.special.get(day)
        return special.name if special is not None and special.is_off else ""

    def is_workday(self, day: dt.date) -> bool:
        """Say whether people work on the day."""
        special = self.special.get(day)
        return day.weekday() < SATURDAY if special is None else not special.is_off

    def settle(self, day: dt.date) -> Settled:
        """Return the day itself, or the first working day after the holiday that it falls into.

        A bureau whose deadline is a Sunday means it: a plain weekend moves nothing.
        """
        holiday = self.holiday_on(day)
        if not holiday:
            return Settled(day)
        for later in range(1, MOST_DAYS_OFF):
            if self.is_workday(day + later * DAY):
                return Settled(day + later * DAY, holiday)
        return Settled(day)

    def after(self, day: dt.date, n_days: int) -> dt.date:
        """Return the n-th working day after `day`."""
        left, later = n_days, day
        while left > 0 and (later - day).days < MOST_DAYS_OFF * max(n_days, 1):
            later += DAY
            left -= self.is_workday(later)
        return later


PLAIN = Workdays()
