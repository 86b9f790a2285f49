"""The link “no more digests”: asks first, works by itself in mail programs, and speaks for one person."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client

from reports.digests.subscribing import token_of, unsubscribe_url
from tests.personas import World
from units.models import Account, AuditEntry, Deed


@pytest.fixture
def url(world: World, settings: LazySettings) -> str:
    """Return the address in the liaison's mail, without the host."""
    settings.BASE_URL = ""
    return unsubscribe_url(world.liaison)


def wants(world: World) -> bool:
    return Account.objects.get(pk=world.liaison.pk).wants_digest


def test_link_asks_before_it_changes_anything(url: str, world: World) -> None:
    page = Client().get(url)
    assert page.status_code == 200
    assert b'<form method="post"' in page.content
    assert wants(world)


def test_button_switches_the_digest_off_and_on_again(url: str, world: World) -> None:
    assert Client(enforce_csrf_checks=True).post(url).status_code == 200
    assert not wants(world)
    assert Client(enforce_csrf_checks=True).post(url, {"wish": "again"}).status_code == 200
    assert wants(world)


def test_mail_program_unsubscribes_with_one_click(url: str, world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    for _time in range(2):
        assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not wants(world)
    entries = AuditEntry.objects.filter(deed=Deed.CHANGE, object_id=str(world.liaison.pk))
    assert [entry.changes for entry in entries] == [{"wants_digest": [True, False]}]


@pytest.mark.parametrize(
    "forge", [lambda token: token + "x", lambda token: "x", lambda token: signing.dumps(1)]
)
def test_forged_link_is_missing(url: str, world: World, forge: object) -> None:
    token = forge(token_of(world.liaison))  # type: ignore[operator]
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/digests/unsubscribe/{token}/").status_code == 404
    assert wants(world)


def test_link_of_a_closed_account_is_missing(url: str, world: World) -> None:
    Account.objects.filter(pk=world.liaison.pk).update(is_active=False)
    assert Client().get(url).status_code == 404
