"""Links and marks of a sorted table of units."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.statistics.focus import Focus
from reports.statistics.sorting import Sort

register = template.Library()


@register.simple_tag
def sort_url(focus: Focus, sort: Sort, figure: str, column: int) -> str:
    """Return where a click on a heading leads: the same units, sorted by it."""
    return _url(focus, sort.toggled(figure, column), 1)


@register.simple_tag
def page_url(focus: Focus, sort: Sort, number: int) -> str:
    """Return the address of another page of the same table."""
    return _url(focus, sort, number)


@register.simple_tag
def sort_sign(sort: Sort, figure: str, column: int) -> SafeString:
    """Return an arrow at the heading by which the table is sorted."""
    if not sort.is_by(figure, column):
        return SafeString("")
    return format_html(' <span aria-hidden="true">{}</span>', "↓" if sort.is_descending else "↑")


@register.simple_tag
def aria_sort(sort: Sort, figure: str, column: int) -> SafeString:
    """Return the attribute that tells a screen reader of the sorting."""
    if not sort.is_by(figure, column):
        return SafeString("")
    return format_html('aria-sort="{}"', "descending" if sort.is_descending else "ascending")


def _url(focus: Focus, sort: Sort, number: int) -> str:
    """Return an address of the page with the parameters that differ from the plain one."""
    asked = {
        "unit": str(focus.unit.pk) if focus.unit else "",
        "sort": str(sort) if sort != Sort() else "",
        "page": str(number) if number > 1 else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('statistics:overview')}?{query}#parts" if query else reverse("statistics:overview")
