"""Who gets into which page of the admin."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.personas import World
from units import mail
from units.models import Account, Mail

SignIn = Callable[[Account], Client]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# What only who may change something reaches; the others are for looking.
PERSONAS = {
    "newcomer": set(),
    "reviewer": {"records.ActivityRecord", "weekly.WeeklyReport"},
    "auditor": {"units.AuditEntry"},
    "administrator": {
        "campaigns.ActivityType",
        "campaigns.Campaign",
        "campaigns.Period",
        "records.ActivityRecord",
        "units.Account",
        "units.Mail",
        "units.Team",
        "units.Unit",
        "units.UnitKind",
        "weekly.WeeklyReport",
    },
}


def page(model: type, name: str, *args: object) -> str:
    """Return the address of one of a model's pages."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", PERSONAS)
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_only_the_role_opens_a_list(world: World, sign_in: SignIn, who: str, model: type) -> None:
    status = sign_in(getattr(world, who)).get(page(model, "changelist")).status_code
    assert status == (200 if model._meta.label in PERSONAS[who] else 403)  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", PERSONAS)
def test_index(world: World, sign_in: SignIn, who: str) -> None:
    response = sign_in(getattr(world, who)).get(reverse("admin:index"))
    shown = {entry["model"]._meta.label for app in response.context["app_list"] for entry in app["models"]}
    assert shown == PERSONAS[who]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_detail(world: World, sign_in: SignIn, model: type) -> None:
    world.submitted()
    mail.enqueue(
        [
            Mail(
                key="a",
                person=world.liaison,
                address="a@example.org",
                subject="周报",
                text="t",
                html="<p>h</p>",
            )
        ]
    )
    for who, opened in PERSONAS.items():
        client = sign_in(getattr(world, who))
        row = model._default_manager.first()  # type: ignore[attr-defined]
        expected = 200 if model._meta.label in opened else 403  # type: ignore[attr-defined]
        assert client.get(page(model, "change", row.pk)).status_code == expected
