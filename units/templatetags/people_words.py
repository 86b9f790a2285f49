"""Roles and phones as pages write them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from units import phones
from units.models import Unit
from units.roles import Role

register = template.Library()
register.filter("masked", phones.masked)


@register.filter
def role_words(roles: Iterable[tuple[Role, Unit | None]]) -> str:
    """Return roles with their units in one line."""
    words = (f"{role.label} · {unit}" if unit else str(role.label) for role, unit in roles)
    return "\u3001".join(words)
