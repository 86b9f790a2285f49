"""A year of a bureau as it might go: units open and close, people file or forget, and the clock errs."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from zoneinfo import ZoneInfo

import time_machine

from reports.campaigns.models import Campaign
from reports.weekly import filing
from reports.weekly.models import WeeklyReport
from tasks.clock import open_periods
from tasks.digests import make_digests
from tasks.reminders import make_reminders
from tests.personas import person, unit
from units import lifecycle
from units.models import Account, Unit
from units.roles import LEADER, LIAISON, REVIEWER

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEED = 2026
# 300 when measured: YEAR_UNITS=300
N_UNITS = int(os.environ.get("YEAR_UNITS", "12"))
N_LIAISONS = 3
FIRST, LAST = dt.date(2026, 1, 5), dt.date(2027, 1, 3)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
MONDAYS = [FIRST + number * WEEK for number in range(52)]
Deed = tuple[dt.datetime, Callable[[], None]]


@dataclass
class Year:
    """The bureau, and what a list on paper would say of it: by unit and number of the week, when it filed."""

    campaign: Campaign
    units: list[Unit]
    filer: Account
    readers: list[Account]
    filed: dict[tuple[int, int], dt.datetime] = field(default_factory=dict)
    zero: set[tuple[int, int]] = field(default_factory=set)
    n_ticks: int = 0


def begin() -> Year:
    """Store the bureau on the day on which its campaign begins."""
    chance = Random(SEED)
    bureau = unit("B", "滨海市教育局", "bureau")
    units = [
        unit(f"S{number}", f"第{number}中学", "school", bureau, **_days(number, chance))
        for number in range(N_UNITS)
    ]
    campaign = Campaign.objects.create(code="year", name="全年专项", starts_on=FIRST, ends_on=LAST)
    filer = person("filer", "总联络员", (LIAISON, bureau), unit=bureau)
    liaisons = [
        person(f"l{number}", f"联络员{number}", (LIAISON, at), unit=at)
        for number, at in enumerate(units[:N_LIAISONS])
    ]
    office = [
        person("reviewer", "审核员", (REVIEWER, bureau), unit=bureau),
        person("leader", "局领导", (LEADER, None), unit=bureau),
    ]
    return Year(campaign, units, filer, [filer, *liaisons, *office])


def _days(number: int, chance: Random) -> dict[str, dt.date]:
    """Return when a unit opens and closes: most are always there, the others come or go on any day."""
    way = number % 4
    first = FIRST + dt.timedelta(days=chance.randrange(1, 180))
    last = first + dt.timedelta(days=chance.randrange(1, 180))
    return {0: {}, 1: {"opened_on": first}, 2: {}, 3: {"opened_on": first, "closed_on": last}}[way]


def live(year: Year) -> None:
    """Let the year pass, deed by deed in the order of their moments."""
    for moment, deed in sorted(
        itertools.chain(_ticks(year), _filings(year), _closings(year)), key=lambda one: one[0]
    ):
        with time_machine.travel(moment, tick=False):
            deed()


def _at(day: dt.date, hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute, second), SHANGHAI)


def _ticks(year: Year) -> Iterator[Deed]:
    """Yield the clock's deeds: none to three clocks at once, days without any, two hours forward and back."""
    for number in range((LAST - FIRST).days + 21):
        day = FIRST + number * DAY
        if number % 37 == 36:
            continue
        n_clocks = 1 if day.weekday() == 0 else number % 4
        yield _at(day, 9), lambda n_clocks=n_clocks: _tick(year, n_clocks)  # type: ignore[misc]
        if number % 29 == 0:
            # The host's clock jumps forward, and the next tick comes two hours before the last.
            yield _at(day, 12), lambda: _tick(year, 1)
            yield _at(day, 12, 0, 1), lambda day=day: _tick_at(year, _at(day, 10))  # type: ignore[misc]


def _tick(year: Year, n_clocks: int) -> None:
    for _clock in range(n_clocks):
        year.n_ticks += 1
        open_periods()
        make_reminders()
        make_digests()


def _tick_at(year: Year, moment: dt.datetime) -> None:
    with time_machine.travel(moment, tick=False):
        _tick(year, 1)


def _filings(year: Year) -> Iterator[Deed]:
    """Yield what units file: in time, in the deadline's minute, late, with a zero report; or never."""
    chance = Random(SEED + 1)
    for number, monday in enumerate(MONDAYS, start=1):
        for at in year.units:
            [way] = chance.choices(["early", "minute", "late", "zero", "never"], [50, 10, 15, 15, 10])
            moment = {
                "early": _at(monday + 3 * DAY, 10),
                "minute": _at(monday + 4 * DAY, 17, 0, 59),
                "late": _at(monday + 5 * DAY, 11),
                "zero": _at(monday + 3 * DAY, 15),
            }.get(way)
            if moment is not None:
                yield moment, lambda at=at, number=number, way=way: _file(year, at, number, way)  # type: ignore[misc]


def _file(year: Year, at: Unit, number: int, way: str) -> None:
    """File where the unit owes a report; on paper stands when."""
    report = (
        WeeklyReport.objects.filter(unit=at, period__number=number).select_related("period", "unit").first()
    )
    if report is None:
        return
    if way == "zero":
        filing.file_zero(report, actor=year.filer, reason="停课")
        year.zero.add((at.pk, number))
    else:
        filing.file(report, actor=year.filer, progress="已开展。")
    year.filed[at.pk, number] = dt.datetime.now(dt.UTC)


def _closings(year: Year) -> Iterator[Deed]:
    """Yield the closings that are written down in the middle of the year, some with a day in the past."""
    for position, at in enumerate(year.units[2::4]):
        on = FIRST + dt.timedelta(days=60 + 40 * position)
        if on + 10 * DAY < LAST:
            late = (position % 2) * 5 * DAY
            yield (
                _at(on + late, 8),
                lambda at=at, on=on: lifecycle.close(Unit.objects.get(pk=at.pk), on=on, actor=None),  # type: ignore[misc]
            )
