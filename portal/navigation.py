"""Where the navigation leads, and who sees which of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from units.scope import OVERSEE, READ, REPORT, REVIEW, SIGN


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: `permissions` of which one suffices; empty for everybody."""

    url_name: str
    label: str | Promise
    icon: str
    permissions: frozenset[str] = frozenset()
    is_for_staff: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as a person sees it."""

    url: str
    label: str | Promise
    icon: str
    is_here: bool


PLACES = (
    Place("start", _("This week"), "week"),
    Place("records:record-list", _("Records"), "records", frozenset(READ)),
    Place("weekly:report-list", _("Weekly reports"), "weekly", frozenset({REPORT, SIGN, OVERSEE})),
    Place("weekly:board", _("Board"), "board", frozenset({REVIEW, OVERSEE})),
    Place("statistics:overview", _("Statistics"), "statistics", frozenset(READ)),
    Place("units:unit-list", _("Units"), "unit", frozenset(READ)),
    Place("admin:index", _("Administration"), "admin", is_for_staff=True),
)


def links_for(request: HttpRequest, held: frozenset[str]) -> list[Link]:
    """Return the entries that a person with the permissions `held` may use, in their order."""
    offered = [(place, reverse(place.url_name)) for place in PLACES if _is_open(place, request, held)]
    here = max((url for _place, url in offered if _holds(url, request.path)), key=len, default="")
    return [Link(url, place.label, place.icon, is_here=url == here) for place, url in offered]


def _is_open(place: Place, request: HttpRequest, held: frozenset[str]) -> bool:
    """Say whether the person may use the entry."""
    if place.is_for_staff:
        return request.user.is_staff
    return not place.permissions or bool(place.permissions & held)


def _holds(url: str, path: str) -> bool:
    """Say whether the page on screen lies at the entry or below it; of several the longest is the one."""
    return path == url if url == "/" else path.startswith(url)
