"""How weeks and deadlines are said."""

import datetime as dt

import pytest
from django.utils import translation

from reports.campaigns.wording import remaining, span

NOW = dt.datetime(2026, 11, 18, 14, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (2 * 86400 + 3 * 3600, "2 days 3 hours"),
        (86400, "1 day"),
        (3600 + 60, "1 hour 1 minute"),
        (59, "0 minutes"),
        (0, "0 minutes"),
        (-1, ""),
    ],
)
def test_time_left_is_said_in_its_two_largest_units(seconds: int, said: str) -> None:
    with translation.override("en"):
        assert remaining(NOW + dt.timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (dt.date(2026, 11, 16), dt.date(2026, 11, 22), "Nov. 16–22"),
        (dt.date(2026, 12, 28), dt.date(2027, 1, 3), "Dec. 28–Jan. 3"),
    ],
)
def test_days_of_a_week_name_the_second_month_only_where_it_differs(
    first: dt.date, last: dt.date, said: str
) -> None:
    with translation.override("en"):
        assert span(first, last) == said
