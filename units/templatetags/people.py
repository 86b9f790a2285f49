"""Who may do what at a unit, as a part of other pages."""

from __future__ import annotations

from django import template

from units import entitlements
from units.models import Account, Unit
from units.people import may_see_people

register = template.Library()


@register.inclusion_tag("units/_people.html")
def people_here(unit: Unit, user: Account) -> dict[str, object]:
    """Show who may do what at a unit; nothing for those who may not know."""
    return {"entitled": entitlements.at(unit) if may_see_people(user, unit) else None, "unit": unit}
