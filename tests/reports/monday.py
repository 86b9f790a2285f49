"""The small world on the Monday on which the digest of its second week is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from tests.personas import World, make_world

# 09:00 in Shanghai: the weeks of 9, 16 and 23 November have begun; the second one's digest was due at 08:00.
NINE = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)
LAST_WEEK = dt.date(2026, 11, 17)
WEEK_BEFORE = dt.date(2026, 11, 10)


@pytest.fixture
def monday(db: None) -> Iterator[World]:
    """Return the world of personas.py, begun on Monday 9 November, on Monday 23 November at nine."""
    with time_machine.travel(NINE, tick=False):
        yield make_world()
