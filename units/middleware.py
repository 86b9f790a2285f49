"""Let the audit trail know the address that a request came from."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from units import audit


class AuditAddressMiddleware:
    """Set `audit.address` for the length of one request.

    `REMOTE_ADDR` alone counts; what a client writes into forwarding headers does not.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = audit.address.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return self.get_response(request)
        finally:
            audit.address.reset(token)
