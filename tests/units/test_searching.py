"""Search boxes and filters of the administration answer nonsense, and tell nothing by it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.matrix.cast import account_of
from tests.personas import World
from units.models import Account

SignIn = Callable[[Account], Client]


@pytest.fixture
def delegate(world: World, sign_in: SignIn) -> Client:
    """Return the browser of somebody who manages one school alone."""
    account = account_of(world, "delegate")
    assert account is not None
    return sign_in(account)


@pytest.mark.parametrize("lookup", ["kind__unit__name__startswith", "kind__code__startswith"])
def test_filters_of_the_page_lead_no_further(world: World, delegate: Client, lookup: str) -> None:
    for value in (world.other_school.name, "zzz"):
        assert delegate.get(reverse("admin:units_unit_changelist"), {lookup: value}).status_code == 400
    page = delegate.get(reverse("admin:units_unit_changelist"), {"kind__id__exact": world.school.kind_id})
    assert page.status_code == 200
