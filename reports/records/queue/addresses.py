"""The addresses of the queue, which remember how the list was narrowed down."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

FILTERS = "_changelist_filters"
PLACE = "at"


def kept(request: HttpRequest) -> str:
    """Return how the list was narrowed down when the reviewer left it."""
    return request.GET.get(FILTERS, "")


def place_in(query: str) -> str:
    """Return the place of the page in the list."""
    return QueryDict(query).get(PLACE) or ""


def with_place(query: str, place: str) -> str:
    """Return an address's query with a place in the list; the top has none."""
    return "&".join(part for part in (query, urlencode({PLACE: place}) if place else "") if part)


def record_url(pk: int, query: str, page: str = "change", *more: str) -> str:
    """Return the address of a record's page, or of one of its decisions."""
    url = reverse(f"admin:records_activityrecord_{page}", args=[pk, *more])
    return f"{url}?{urlencode({FILTERS: query})}" if query else url


def list_url(query: str) -> str:
    """Return the address of the list."""
    url = reverse("admin:records_activityrecord_changelist")
    return f"{url}?{query}" if query else url
