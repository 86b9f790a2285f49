"""Icons and figures in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.forms import BoundField, CheckboxInput
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


@register.filter
def dressed(field: BoundField) -> SafeString:
    """Return a library's field in the portal's clothes, its errors tied to it for those who hear the page."""
    attributes: dict[str, str | bool] = {"class": "form-control", "placeholder": ""}
    if isinstance(field.field.widget, CheckboxInput):
        attributes = {}
    if field.errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{field.id_for_label}_error"}
    return field.as_widget(attrs=attributes)
