"""The order of a table as an address says it: pure."""

from __future__ import annotations

from dataclasses import dataclass

from reports.statistics.reading import ATTENDANCES, SESSIONS

# The groups of columns, in their order: the whole campaign, the latest week, the week before.
COLUMNS = ("so_far", "latest", "before")
SORTED_BY = (SESSIONS, ATTENDANCES)


@dataclass(frozen=True, slots=True)
class Sort:
    """By which figure of which column a table is sorted; without a figure by the tree's order."""

    figure: str = ""
    column: int = 0
    is_descending: bool = False

    @classmethod
    def of(cls, raw: str) -> Sort:
        """Read `-sessions.so_far`; what is no such thing is the tree's order."""
        is_descending, (figure, _dot, column) = raw.startswith("-"), raw.lstrip("-").partition(".")
        if figure in SORTED_BY and column in COLUMNS:
            return cls(figure, COLUMNS.index(column), is_descending)
        return cls(is_descending=is_descending and raw == "-unit")

    def __str__(self) -> str:
        name = f"{self.figure}.{COLUMNS[self.column]}" if self.figure else "unit"
        return f"-{name}" if self.is_descending else name

    def is_by(self, figure: str, column: int) -> bool:
        """Say whether the table is sorted by this heading."""
        return (self.figure, self.column) == (figure, column)

    def toggled(self, figure: str, column: int) -> Sort:
        """Return what a click on a heading leads to: the largest first, then the other way round."""
        is_descending = not self.is_descending if self.is_by(figure, column) else bool(figure)
        return Sort(figure, column, is_descending)
