"""Every address has one line in the table of policies, and what has none is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, resolve

from portal import urls
from portal.policies import POLICIES, Door
from tests.personas import World
from tests.portal.test_addresses import ALL, Address
from units.models import Account
from units.scope import READ

NAMES = {address.name for address in ALL}


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never declared")


# The portal with one address more, for the test that asks for it.
urlpatterns = [path("undeclared/", page, name="undeclared"), *urls.urlpatterns]
handler404 = urls.handler404


@pytest.mark.parametrize("address", ALL, ids=lambda address: address.route)
def test_c16_every_address_is_declared(address: Address) -> None:
    assert address.name in POLICIES, (
        f"{address.route} has no policy: give it a name, and in portal/policies.py a line "
        f'"{address.name}": READERS, REPORTERS, staff("app.view_model") or what else it is'
    )


def test_c16_the_table_names_nothing_that_is_not_there() -> None:
    assert POLICIES.keys() - NAMES == set()


def test_permissions_of_the_table_are_known() -> None:
    for policy in POLICIES.values():
        for permission in (*policy.permissions, *(policy.posts or ())):
            assert permission in READ or "." in permission


@pytest.mark.urls(__name__)
def test_c16_undeclared_address_is_missing(world: World, sign_in: Callable[[Account], Client]) -> None:
    assert resolve("/undeclared/").func is page
    for client in (Client(), sign_in(world.administrator)):
        response = client.get("/undeclared/")
        assert response.status_code == 404
        assert b"never declared" not in response.content


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_address_takes_another_method(
    world: World, sign_in: Callable[[Account], Client], method: str
) -> None:
    for client in (Client(), sign_in(world.administrator)):
        for url in ("/", "/records/", "/sign-in/", "/admin/units/unit/", "/healthz"):
            assert getattr(client, method)(url).status_code == 405


def test_nothing_but_the_table_opens_a_door_to_everybody() -> None:
    public = {name for name, policy in POLICIES.items() if policy.door is Door.PUBLIC}
    for address in ALL:
        needs = getattr(address.view, "login_required", True)
        assert needs is (address.name not in public), address.route
