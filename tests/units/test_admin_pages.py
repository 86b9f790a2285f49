"""Who gets into which page of the admin."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from reports.digests.models import OutsideRecipient, Robot, RobotMessage
from reports.records.models import JointEvent
from tests.personas import World
from units import mail
from units.models import Account, AuditAlert, AuditEntry, Mail, Team

SignIn = Callable[[Account], Client]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# What only who may change something reaches; the others are for looking.
PERSONAS = {
    "newcomer": set(),
    "reviewer": {"records.ActivityRecord", "weekly.WeeklyReport"},
    "auditor": {"units.AuditAlert", "units.AuditEntry"},
    "administrator": {
        "campaigns.ActivityType",
        "campaigns.CalendarYear",
        "campaigns.Campaign",
        "campaigns.Period",
        "digests.OutsideRecipient",
        "digests.Robot",
        "digests.RobotMessage",
        "records.ActivityRecord",
        "records.JointEvent",
        "records.ReturnReason",
        "units.Account",
        "units.Mail",
        "units.Team",
        "units.Unit",
        "units.UnitKind",
        "weekly.ReadyReason",
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


def store_readers(world: World) -> None:
    """Store somebody outside who reads, and a group's robot with a message."""
    OutsideRecipient.objects.create(campaign=world.campaign, name="市委办", address="out@example.org")
    robot = Robot.objects.create(
        team=Team.objects.earliest("pk"), kind=Robot.Kind.WECOM, address="https://qyapi.weixin.qq.com/x"
    )
    RobotMessage.objects.create(key="robot:1", robot=robot, text="周报")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_detail(world: World, sign_in: SignIn, model: type) -> None:
    world.submitted()
    JointEvent.objects.create(
        activity_type=world.lecture, host=world.school, held_on=world.today, title="报告会"
    )
    AuditAlert.objects.create(rule=AuditAlert.Rule.NIGHT_EXPORT, entry=AuditEntry.objects.latest("pk"))
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
    store_readers(world)
    for who, opened in PERSONAS.items():
        client = sign_in(getattr(world, who))
        row = model._default_manager.first()  # type: ignore[attr-defined]
        expected = 200 if model._meta.label in opened else 403  # type: ignore[attr-defined]
        assert client.get(page(model, "change", row.pk)).status_code == expected


def addresses() -> list[str]:
    """Return every address of the admin, with a stored number in each place that takes one."""
    found, whole = [], get_resolver("portal.urls").url_patterns
    stack = [("/", pattern) for pattern in whole if str(pattern.pattern) == "admin/"]
    while stack:
        before, pattern = stack.pop()
        url = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found.append(url.replace("<slug:verb>", "approve").replace("<uuid:key>", str(uuid.uuid4())))
        else:
            stack += [(url, child) for child in pattern.url_patterns]
    # Those written as expressions are the list of one app and the catch-all.
    return [re.sub(r"<[^>]+>", "1", url) for url in found if not re.search(r"[\\^$]", url)]


def test_c23_staff_without_a_role_sees_an_empty_index_and_nothing_else(world: World, sign_in: SignIn) -> None:
    world.submitted()
    client = sign_in(world.newcomer)
    urls = set(addresses()) - {"/admin/", "/admin/login/", "/admin/jsi18n/"}
    assert len(urls) > 60
    answers = {url: {client.get(url).status_code, client.post(url, {}).status_code} for url in urls}
    assert {url for url, seen in answers.items() if not seen <= {403, 404, 405}} == set()
    index = client.get("/admin/")
    assert (index.status_code, index.context["app_list"]) == (200, [])


def test_nobody_signed_in_is_led_to_the_portals_sign_in_and_back(world: World) -> None:
    url = page(MODELS[0], "changelist")
    response = Client().get(url, follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('sign-in')}?next={url}"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:1"]
)
def test_sign_in_leads_to_no_other_host(world: World, sign_in: SignIn, target: str) -> None:
    for client in (Client(), sign_in(world.reviewer)):
        response = client.get(reverse("admin:login"), {"next": target})
        assert "evil" not in response["Location"]
        assert "javascript" not in response["Location"]


def test_people_who_are_no_staff_are_refused(world: World, sign_in: SignIn) -> None:
    for who in ("liaison", "head", "leader", "team_member"):
        for url in ("/admin/", page(MODELS[0], "changelist"), page(MODELS[0], "change", 1)):
            assert sign_in(getattr(world, who)).get(url).status_code == 403


@pytest.mark.parametrize("name", ["logout", "password_change", "view_on_site"])
def test_djangos_own_pages_for_accounts_and_objects_are_gone(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}", args=[1, 1] if name == "view_on_site" else [])


def test_index_says_how_much_waits(world: World, sign_in: SignIn) -> None:
    client = sign_in(world.reviewer)
    assert client.get("/admin/").context["n_waiting"] == 0
    world.submitted()
    assert client.get("/admin/").context["n_waiting"] == 1
    assert sign_in(world.administrator).get("/admin/").context["n_waiting"] is None
