"""Behind a proxy the address that it saw counts, and nothing that a browser claims."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from portal.proxy import ProxyAddressMiddleware
from tests.personas import PASSWORD, World
from units.models import AuditEntry, Deed

FORGED = {
    "x-forwarded-for": "203.0.113.66",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "forwarded": "for=203.0.113.66",
    "x-real-ip": "203.0.113.66",
    "remote-user": "administrator",
    "x-remote-user": "administrator",
}


def seen_by_the_portal(header: str, sender: str = "127.0.0.1") -> HttpRequest:
    """Return the request as the views get it."""
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    headers = {"x-forwarded-for": header, "x-forwarded-proto": "https"}
    ProxyAddressMiddleware(view)(RequestFactory().get("/", headers=headers, REMOTE_ADDR=sender))
    return seen[0]


@pytest.mark.parametrize(
    ("n_proxies", "header", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "unknown", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_address_is_the_one_that_the_outermost_proxy_saw(
    settings: LazySettings, n_proxies: int, header: str, address: str
) -> None:
    settings.BEHIND_PROXY, settings.PROXY_ADDRESSES = n_proxies, []
    assert seen_by_the_portal(header).META["REMOTE_ADDR"] == address


@pytest.mark.parametrize(("sender", "is_believed"), [("127.0.0.1", True), ("198.51.100.7", False)])
def test_only_the_named_proxies_are_believed(settings: LazySettings, sender: str, is_believed: bool) -> None:
    settings.BEHIND_PROXY, settings.PROXY_ADDRESSES = 1, ["127.0.0.1"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = seen_by_the_portal("203.0.113.9", sender)
    assert request.META["REMOTE_ADDR"] == ("203.0.113.9" if is_believed else sender)
    assert request.is_secure() is is_believed


def test_without_a_proxy_forged_headers_do_nothing(world: World) -> None:
    client = Client()
    assert client.get("/", headers=FORGED).status_code == 302
    client.post("/sign-in/", {"username": "liaison", "password": PASSWORD}, headers=FORGED)
    row = AuditEntry.objects.filter(deed=Deed.SIGN_IN).latest("pk")
    assert (row.actor, row.address) == (world.liaison, "127.0.0.1")
    response = client.get("/records/", headers=FORGED)
    assert response.wsgi_request.get_host() == "testserver"
    assert not response.wsgi_request.is_secure()
