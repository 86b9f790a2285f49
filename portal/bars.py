"""The small chart of a unit's last weeks, as numbers for an SVG: no script and no style draws it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.campaigns.models import Period

HEIGHT = 56
WIDTH = 22
GAP = 10
# Nothing reported and zero stay visible as a line.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One week: its rectangle in units of the drawing; `value` is None where nothing was reported."""

    period: Period
    value: int | None
    x: int
    y: int
    height: int
    is_last: bool

    @property
    def middle(self) -> int:
        """Return where the label stands."""
        return self.x + WIDTH // 2


def bars(weeks: Iterable[tuple[Period, int | None]]) -> list[Bar]:
    """Return one bar per week from left to right, the highest as high as the drawing."""
    listed = list(weeks)
    most = max((value or 0 for _, value in listed), default=0) or 1
    drawn = []
    for place, (period, value) in enumerate(listed):
        height = max(LEAST, round(HEIGHT * (value or 0) / most))
        x = place * (WIDTH + GAP)
        drawn.append(Bar(period, value, x, HEIGHT - height, height, place == len(listed) - 1))
    return drawn
