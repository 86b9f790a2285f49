"""Let the audit trail know where a request came from, and which were refused."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from units import audit, origin
from units.models import Account, Deed

REFUSED = {403, 404}


class AuditOriginMiddleware:
    """Write each deed of a request down as coming through the web and from its address.

    `REMOTE_ADDR` alone counts; what a client writes into forwarding headers does not. The request of a
    person that an object or a page was refused to leaves a row, from which the alerts are told.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with origin.coming_from("web", request.META.get("REMOTE_ADDR") or None):
            response = self.get_response(request)
            if response.status_code in REFUSED:
                _note_refusal(request, response.status_code)
            return response


def _note_refusal(request: HttpRequest, status: int) -> None:
    """Write down who was refused what; an address that leads nowhere for everybody is no refusal."""
    match, user = request.resolver_match, request.user
    if not isinstance(user, Account) or match is None or (status == 404 and not match.kwargs):
        return
    # Of what was asked for, no more than tells it apart.
    asked = {name: str(value)[:40] for name, value in match.kwargs.items()}
    changes = {"method": request.method, "page": match.view_name, "asked": asked, "status": status}
    audit.record(Deed.REFUSED, actor=user, unit=user.unit, changes=changes)
