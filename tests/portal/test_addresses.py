"""Every address of the portal, walked by people who have no business there.

A stranger's object answers as one that does not exist, nothing is done without the token of a form, and no
request changes a row that is not the person's own.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from portal.policies import POLICIES, Door, Policy
from reports.weekly.models import WeeklyReport
from tests.personas import World
from units.models import Account, AuditEntry, Team

OUR_ROOMS = ("units.", "reports.", "portal.")
MISSING = 987_654_321
FORGED = {
    "version": "2",
    "note": "伪造",
    "reason": "伪造",
    "deed": "submit",
    "status": "approved",
    "title": "伪造",
    "held_on": "2026-11-23",
    "key": "6f0a8c1e-0000-4000-8000-000000000001",
    "value_sessions": "1",
    "value_onsite": "1",
    "progress": "伪造",
    "role": "administrator",
    "is_superuser": "on",
    "is_staff": "on",
    "username": "forged",
    "name": "forged",
    "wish": "again",
    "format": "csv",
    "_save": "1",
}


@dataclass(frozen=True, slots=True)
class Address:
    """One address with its holes: `{pk}` and the like, and the name under which it is known."""

    route: str
    name: str
    view: Any
    numbers: tuple[str, ...]

    @property
    def policy(self) -> Policy:
        """Return the line of the table."""
        return POLICIES[self.name]

    def filled(self, number: int) -> str:
        """Return the path with `number` in each hole for a number and likely words in the others."""
        words = {name: str(number) for name in self.numbers}
        words |= {"object_id": str(number), "content_type_id": "1", "type_code": "lecture", "verb": "approve"}
        words |= {"app_label": "units", "token": "forged", "slug": "lecture"}
        words |= {"key": str(uuid.UUID(int=number)), "uidb36": "1", "provider_id": "oidc"}
        return re.sub(r"\{(\w+)\}", lambda hole: words.get(hole[1], "approve"), self.route)


def addresses(
    patterns: list[URLPattern | URLResolver], before: str = "/", within: str = ""
) -> Iterator[Address]:
    """Yield every address below `before`, in the namespace `within`."""
    for pattern in patterns:
        route = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{within}{pattern.namespace}:" if pattern.namespace else within
            yield from addresses(pattern.url_patterns, route, inner)
            continue
        route = re.sub(r"\(\?P\{(\w+)\}[^)]*\)", r"{\1}", route).replace("^", "").replace("$", "")
        numbers = tuple(n for n, c in pattern.pattern.converters.items() if isinstance(c, IntConverter))
        yield Address(route, f"{within}{pattern.name}", pattern.callback, numbers)


ALL = list(addresses(get_resolver().url_patterns))


def rows() -> dict[str, str]:
    """Return all rows of our own models, the audit trail and stamps of signing in left out."""
    models = [model for model in apps.get_models() if model.__module__.startswith(OUR_ROOMS)]
    kept = [model for model in models if model is not AuditEntry]
    found = {
        model.__name__: serializers.serialize("json", model._default_manager.order_by("pk")) for model in kept
    }
    return {name: re.sub(r'"last_login": [^,]+', "", text) for name, text in found.items()}


def told(response: HttpResponseBase) -> tuple[int, str]:
    """Return status and body without what differs in any two answers: tokens and the number asked for."""
    body = getattr(response, "content", b"").decode(errors="replace")
    body = re.sub(r"[A-Za-z0-9]{64}|nonce-\S+|\d+", "", body)
    return response.status_code, re.sub(r'(csrf|name="csrfmiddlewaretoken" value=)\S*', "", body)


def numbers_of(world: World) -> dict[str, list[int]]:
    """Return what is the liaison's, by the word in an address that tells what it numbers."""
    report = WeeklyReport.objects.filter(unit=world.school).latest("period__number")
    return {
        "record": [world.draft().pk, world.submitted().pk],
        "weekly": [report.pk],
        "account": [world.liaison.pk],
        "/unit/": [world.school.pk],
        "team": [Team.objects.get().pk],
    }


def filled(address: Address, numbers: dict[str, list[int]]) -> list[str]:
    """Return the address with each number of its kind, once with any where it has no hole."""
    fitting = [number for word, found in numbers.items() if word in address.route for number in found]
    return sorted({address.filled(number) for number in fitting or [1]})


def signed_in(account: Account, *, checks_token: bool = False) -> Client:
    """Return a fresh browser of a person."""
    client = Client(enforce_csrf_checks=checks_token)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_walk_knows_the_addresses() -> None:
    routes = {address.route for address in ALL}
    assert {"/records/{pk}/edit/", "/weekly/{pk}/file/", "/admin/units/unit/{object_id}/change/"} <= routes
    assert len(routes) > 60


@pytest.mark.django_db
@pytest.mark.parametrize("address", ALL, ids=lambda address: address.route)
def test_whoever_has_not_signed_in_is_sent_to_sign_in(address: Address) -> None:
    for response in (Client().get(address.filled(1)), Client().post(address.filled(1), FORGED)):
        if address.policy.door is Door.PUBLIC:
            assert response.status_code in {200, 302, 404, 405, 410, 503}
        else:
            assert response.status_code == 302
            assert re.match(r"/(sign-in|admin/login)/\?next=/", response["Location"])


@pytest.mark.parametrize("who", ["stranger", "newcomer", "auditor"])
def test_c27_a_foreign_object_answers_as_a_missing_one_and_nothing_changes(world: World, who: str) -> None:
    client, numbers = signed_in(getattr(world, who)), numbers_of(world)
    before, numbered = rows(), [one for one in ALL if re.search(r"\{(pk|object_id)\}", one.route)]
    for address in numbered:
        if not any(word in address.route for word in numbers):
            continue
        for ask in (client.get, client.post):
            missing = told(ask(address.filled(MISSING), FORGED))
            for path in filled(address, numbers):
                assert told(ask(path, FORGED)) == missing, path
    assert rows() == before


@pytest.mark.parametrize("who", ["liaison", "reviewer", "administrator"])
def test_nothing_is_done_without_the_token_of_a_form(world: World, who: str) -> None:
    numbers, before = numbers_of(world), rows()
    client = signed_in(getattr(world, who), checks_token=True)
    for address in ALL:
        for path in filled(address, numbers):
            response = client.post(path, FORGED)
            if address.policy.needs_token:
                assert response.status_code in {403, 404, 405}, (path, response.status_code)
    assert rows() == before


@pytest.mark.parametrize("who", ["liaison", "reviewer", "administrator"])
def test_looking_changes_nothing(world: World, who: str) -> None:
    client, numbers, before = signed_in(getattr(world, who)), numbers_of(world), rows()
    for address in ALL:
        for path in filled(address, numbers):
            response = client.get(path)
            assert response.status_code < 500 or path == "/readyz", path
    assert rows() == before
