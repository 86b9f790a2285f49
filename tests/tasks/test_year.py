"""A simulated year: what is owed and sent, and every rate, equal a count by hand, whatever the clock does."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from reports.campaigns.models import Period
from reports.weekly.models import WeeklyReport
from reports.weekly.rates import Rates, counted
from tests.tasks.year import DAY, FIRST, LAST, MONDAYS, SHANGHAI, Year, begin, live
from units.models import Mail, Unit

# What the State Council announced for 2026: Fridays that are no working days, and where they move to.
MOVED = {
    dt.date(2026, 2, 20): dt.date(2026, 2, 24),
    dt.date(2026, 5, 1): dt.date(2026, 5, 6),
    dt.date(2026, 6, 19): dt.date(2026, 6, 22),
    dt.date(2026, 9, 25): dt.date(2026, 9, 28),
    dt.date(2026, 10, 2): dt.date(2026, 10, 8),
}


def due(number: int) -> dt.datetime:
    """Return the last moment in time for a week, counted by hand."""
    friday = MONDAYS[number - 1] + 4 * DAY
    day = MOVED.get(friday, friday)
    return dt.datetime.combine(day, dt.time(17, 0, 59, 999_999), SHANGHAI)


def owes(at: Unit, monday: dt.date) -> bool:
    """Say whether a unit was there on a day of the week that begins on `monday`."""
    days = [monday + number * DAY for number in range(7)]
    return any(at.is_open_on(day) for day in days)


def by_hand(year: Year, number: int) -> Rates:
    """Return the rates of a week from the list on paper."""
    units = [at for at in Unit.objects.filter(code__startswith="S") if owes(at, MONDAYS[number - 1])]
    # A report that was filed stays, also where the unit is found later to have closed before.
    filed = {pk: at for (pk, week), at in year.filed.items() if week == number}
    owed = {at.pk for at in units} | filed.keys()
    n_in_time = sum(moment <= due(number) for moment in filed.values())
    return Rates(
        n_owed=len(owed),
        n_in_time=n_in_time,
        n_late=len(filed) - n_in_time,
        n_zero=sum((pk, number) in year.zero for pk in filed),
        n_missing=len(owed) - len(filed),
    )


@pytest.mark.django_db
def test_year_of_weeks_with_its_holidays_is_what_a_list_on_paper_says() -> None:
    year = begin()
    live(year)
    assert_owed_and_rated_as_by_hand(year)
    assert_told_once(year)
    assert_reminded_of_nothing_filed(year)


def assert_owed_and_rated_as_by_hand(year: Year) -> None:
    """Compare each week, its deadline and its rates with the list on paper."""
    weeks = list(Period.objects.weekly().order_by("number"))
    assert [week.starts_on for week in weeks] == MONDAYS
    assert (weeks[-1].starts_on.isocalendar()[:2], weeks[-1].ends_on) == ((2026, 53), LAST)
    assert [week.due_at for week in weeks[:-1]] == [due(week.number) for week in weeks[:-1]]
    assert weeks[0].starts_on == FIRST
    after = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    for week in weeks[:-1]:
        rates = Rates(**WeeklyReport.objects.filter(period=week).aggregate(**counted(after)))
        assert rates == by_hand(year, week.number), week
        assert all(0 <= (pct or 0) <= 100 for pct in (rates.in_time_pct, rates.late_pct, rates.missing_pct))
    keys = Counter(WeeklyReport.objects.values_list("unit", "period"))
    assert set(keys.values()) == {1}


def assert_told_once(year: Year) -> None:
    """Expect one digest for each reader and week, from some 500 rounds of one to three clocks."""
    weeks = Period.objects.weekly()
    digests = Mail.objects.filter(key__startswith="digest:").values_list("key", flat=True)
    expected = {f"digest:{week.pk}:{reader.pk}" for week in weeks for reader in year.readers}
    assert sorted(digests) == sorted(expected)
    assert year.n_ticks > 7 * len(weeks)


def assert_reminded_of_nothing_filed(year: Year) -> None:
    """Expect that what somebody was reminded of was still owed at that moment."""
    for mail in Mail.objects.filter(key__startswith="remind:", person__username__startswith="l"):
        period = Period.objects.get(pk=mail.key.split(":")[1])
        assert mail.person is not None
        filed_at = year.filed.get((mail.person.unit_id or 0, period.number))
        assert filed_at is None or filed_at > mail.made_at
