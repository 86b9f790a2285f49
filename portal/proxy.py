"""Behind proxies of our own every request comes from theirs; the browser's address stands in a header."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CLAIMS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")


class ProxyAddressMiddleware:
    """Set `REMOTE_ADDR` to the address that the outermost proxy saw, for lock-out and audit trail.

    Only in use with BEHIND_PROXY, the number of proxies. Each wrote one entry at the end of the header, so
    that many from the end count; whatever stands before them a browser may have made up. Where
    PROXY_ADDRESSES names the proxies, what anybody else claims about himself is dropped unread.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trusted = settings.PROXY_ADDRESSES
        if trusted and request.META.get("REMOTE_ADDR") not in trusted:
            for name in CLAIMS:
                request.META.pop(name, None)
        seen = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(seen) >= settings.BEHIND_PROXY:
            # Without one it is a probe from inside, which keeps the address it has.
            with contextlib.suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(seen[-settings.BEHIND_PROXY]))
        return self.get_response(request)
