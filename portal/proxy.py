"""Behind a proxy of our own every request comes from its address; the browser's stands in a header."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ProxyAddressMiddleware:
    """Set `REMOTE_ADDR` to the address that the proxy saw, for lock-out and audit trail.

    Only in use with BEHIND_PROXY, and then only the last entry counts: our proxy wrote it, whatever stands
    before it a browser may have made up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        # Without one it is a probe from inside, which keeps the address it has.
        with contextlib.suppress(ValueError):
            request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(seen))
        return self.get_response(request)
