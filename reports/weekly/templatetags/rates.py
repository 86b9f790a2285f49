"""Write rates in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template

from reports.weekly.board.percents import whole, whole_of
from reports.weekly.rates import Rates

register = template.Library()


@register.filter
def share(value: Decimal | None) -> str:
    """Return “92 %”, or — where nothing was owed."""
    written = whole(value)
    return written if value is None else f"{written}\u202f%"


@register.filter
def shares(rates: Rates) -> list[str]:
    """Return the five rates in whole percent, in the order of the board."""
    return whole_of(rates)


@register.filter
def signed(value: int | None) -> str:
    """Return a difference with its sign; — where there is nothing to compare with."""
    if value is None:
        return "—"
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{abs(value):,}"
