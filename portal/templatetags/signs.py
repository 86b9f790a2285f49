"""Icons and figures in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one drawing of static/portal/icons.svg; the word beside it says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("portal/icons.svg"),
        name,
    )


@register.simple_tag
def sign(status: str) -> SafeString:
    """Return the sign of a status, which stands beside its colour and its word."""
    return icon(f"sign-{status}")


@register.filter
def figure(value: int | Decimal | None) -> str:
    """Return a number with its thousands apart; — where nothing was reported, which is not zero."""
    return "—" if value is None else f"{value:,}"
