"""The board as its page and its script take it: short texts in place of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from reports.campaigns.models import Period
from reports.campaigns.wording import span
from reports.weekly.board.marks import NOTHING_OWED, SIGNS
from reports.weekly.board.percents import whole_of
from reports.weekly.board.showing import Board, Line
from reports.weekly.board.wording import RATE_NAMES, words

# Beside the unit's name: five rates.
N_RATES = len(RATE_NAMES)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the page writes it; `address` is empty where nothing was owed."""

    letter: str
    sign: str
    word: str
    address: str
    is_last: bool

    @property
    def is_accepted(self) -> bool:
        """Say whether the report was accepted."""
        return self.letter.isupper()


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the page writes it; `number` counts from 1."""

    line: Line
    number: int
    cells: list[Cell]
    rates: list[str]


@dataclass(frozen=True, slots=True)
class Foot:
    """One rate in every week and in all together."""

    name: str
    by_period: list[str]
    total: str


def rows(board: Board, lines: Sequence[Line], first: int) -> list[Row]:
    """Return the rows of some lines, of which the first is the row `first`."""
    said = words()
    return [
        Row(line, number, _cells(line, board.periods, said), whole_of(line.rates))
        for number, line in enumerate(lines, start=first)
    ]


def _cells(line: Line, periods: list[Period], said: dict[str, str]) -> list[Cell]:
    """Return the cells of one line."""
    last = len(periods) - 1
    return [
        Cell(
            letter=letter.lower() if letter != NOTHING_OWED else "none",
            sign=SIGNS.get(letter.lower(), ""),
            word=f"{period.label}: {said[letter]}",
            address=reverse("weekly:board-cell", args=[line.pk, period.number])
            if letter != NOTHING_OWED
            else "",
            is_last=place == last,
        )
        for place, (letter, period) in enumerate(zip(line.marks, periods, strict=True))
    ]


def feet(board: Board) -> list[Foot]:
    """Return one line for each rate below the columns."""
    by_period = [whole_of(rates) for rates in board.by_period]
    total = whole_of(board.total)
    return [
        Foot(str(name), [rates[place] for rates in by_period], total[place])
        for place, name in enumerate(RATE_NAMES)
    ]


def packed(board: Board) -> dict[str, object]:
    """Return all lines for the script, each a text: key, marks, rates, closed or not, name."""
    return {
        "rows": [
            "\t".join(
                [
                    str(line.pk),
                    line.marks,
                    " ".join(whole_of(line.rates)),
                    "1" if line.is_closed else "",
                    line.name,
                ]
            )
            for line in board.lines or []
        ],
        "weeks": [
            [period.number, str(period.label), span(period.starts_on, period.ends_on)]
            for period in board.periods
        ],
        "words": words(),
        "signs": SIGNS,
        "nothing": NOTHING_OWED,
    }
