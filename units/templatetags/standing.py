"""Whether a unit exists, as templates ask it."""

from __future__ import annotations

import datetime as dt

from django import template

from units.models import Unit

register = template.Library()


@register.filter
def standing(unit: Unit, day: dt.date) -> str:
    """Return "open", "merged", "closed", "closing" or "coming": how the unit stands on `day`."""
    if unit.closed_on is not None and unit.closed_on <= day:
        return "merged" if unit.merged_into_id else "closed"
    if unit.opened_on is not None and day < unit.opened_on:
        return "coming"
    return "open" if unit.closed_on is None else "closing"
