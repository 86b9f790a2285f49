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


@pytest.fixture
def administrator(world: World, sign_in: SignIn) -> Client:
    """Return the administrator's browser."""
    return sign_in(world.administrator)


@pytest.mark.parametrize("lookup", ["kind__unit__name__startswith", "kind__code__startswith"])
def test_filters_of_the_page_lead_no_further(world: World, delegate: Client, lookup: str) -> None:
    for value in (world.other_school.name, "zzz"):
        assert delegate.get(reverse("admin:units_unit_changelist"), {lookup: value}).status_code == 400
    page = delegate.get(reverse("admin:units_unit_changelist"), {"kind__id__exact": world.school.kind_id})
    assert page.status_code == 200


@pytest.mark.parametrize("key", ["abc", "9" * 30, "１"])
def test_key_that_is_none_is_an_error_at_its_field(world: World, delegate: Client, key: str) -> None:
    answer = delegate.post(reverse("admin:units_unit_add"), {"parent": key})
    assert answer.status_code == 200
    assert "parent" in answer.context["adminform"].form.errors


def test_search_box_for_what_no_form_holds_is_refused(world: World, administrator: Client) -> None:
    asked = {"app_label": "auth", "model_name": "permission", "field_name": "user"}
    assert administrator.get(reverse("admin:autocomplete"), asked).status_code == 403


@pytest.mark.parametrize("key", ["abc", "9" * 30])
def test_action_on_what_is_no_row_does_nothing(administrator: Client, key: str) -> None:
    data = {"action": "send_again", "_selected_action": [key], "index": "0"}
    assert administrator.post(reverse("admin:units_mail_changelist"), data).status_code == 302
