"""Every deed is one row, whoever does it and whichever way: page, command or task (C28, C29)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

import manage
from reports.campaigns.models import ActivityType
from reports.statistics.models import Cell
from reports.weekly.models import WeeklyReport
from tasks.verifying import verify_statistics
from tests.personas import PASSWORD, World
from units import origin
from units.models import Account, AuditEntry, Deed, Unit, UnitKind


def browser_of(account: Account) -> Client:
    """Return a signed-in browser."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def owed(world: World) -> WeeklyReport:
    """Return what the liaison's school owes for this week."""
    report: WeeklyReport = WeeklyReport.objects.get(unit=world.school, period=world.period)
    return report


def change(world: World, page: str, row: object, **fields: str) -> object:
    """Change a setting on its page of the administration."""
    url = f"/admin/{page}/{row.pk}/change/"  # type: ignore[attr-defined]
    client = browser_of(world.administrator)
    form = client.get(url).context["adminform"].form
    initial = {name: value for name, value in form.initial.items() if value is not None}
    groups = client.get(url).context["inline_admin_formsets"]
    for group in groups:
        for one in (group.formset.management_form, *group.formset.forms):
            typed = {one.add_prefix(name): one[name].value() for name in one.fields}
            initial |= {name: "" if value is None else value for name, value in typed.items()}
    response = client.post(url, initial | fields)
    assert response.status_code == 302, response.context["errors"]
    return response


WebDeeds = dict[str, tuple[Deed, Callable[[World], object]]]
WEB: WebDeeds = {
    "sign in": (
        Deed.SIGN_IN,
        lambda w: Client().post("/sign-in/", {"username": "liaison", "password": PASSWORD}),
    ),
    "fail to sign in": (
        Deed.SIGN_IN_FAILED,
        lambda w: Client().post("/sign-in/", {"username": "liaison", "password": "wrong"}),
    ),
    "sign out": (Deed.SIGN_OUT, lambda w: browser_of(w.liaison).post("/sign-out/")),
    "submit": (
        Deed.SUBMIT,
        lambda w: browser_of(w.liaison).post(f"/records/{w.draft().pk}/submit/", {"version": 1}),
    ),
    "file": (
        Deed.FILE,
        lambda w: browser_of(w.liaison).post(
            f"/weekly/{owed(w).pk}/zero/", {"version": owed(w).version, "reason": "停课"}
        ),
    ),
    "change a kind": (
        Deed.CHANGE,
        lambda w: change(w, "units/unitkind", UnitKind.objects.get(code="school"), name="中小学"),
    ),
    "change a campaign": (
        Deed.CHANGE,
        lambda w: change(w, "campaigns/campaign", w.campaign, name="主题教育二期"),
    ),
    "change a type": (
        Deed.CHANGE,
        lambda w: change(w, "campaigns/activitytype", ActivityType.objects.get(), name="宣讲会"),
    ),
    "export": (
        Deed.EXPORT,
        lambda w: browser_of(w.reviewer).post(
            "/admin/records/activityrecord/export/?status=all", {"format": "csv"}
        ),
    ),
    "be refused": (Deed.REFUSED, lambda w: browser_of(w.stranger).get(f"/records/{w.draft().pk}/")),
}


@pytest.mark.parametrize("what", WEB)
def test_c28_a_deed_on_a_page_is_one_row_with_address_and_channel(world: World, what: str) -> None:
    deed, act = WEB[what]
    before = AuditEntry.objects.latest("pk").pk
    act(world)
    rows = AuditEntry.objects.filter(pk__gt=before, channel="web")
    assert [(row.deed, row.address) for row in rows] == [(deed.value, "127.0.0.1")]
    if deed is Deed.CHANGE:
        assert all(isinstance(pair, list) and len(pair) == 2 for pair in rows[0].changes.values())


def test_c29_a_command_is_known_by_its_name(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # As somebody with the database's password would: past every verb.
    Unit.objects.filter(pk=world.school.pk).update(path="wrong")
    monkeypatch.setattr(sys, "argv", ["manage.py", "units", "check", "--repair"])
    # A command closes its connections when it ends; this one is the test's own.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    manage.main()
    row = AuditEntry.objects.filter(deed=Deed.REPAIR).latest("pk")
    assert (row.channel, row.address, row.actor) == ("command units check", None, None)
    assert origin.channel.get() == ""


@pytest.mark.parametrize(
    ("arguments", "channel"),
    [
        (["manage.py", "audit", "purge", "--before", "2026-01-01"], "command audit purge"),
        (["manage.py", "shell"], "command shell"),
        (["manage.py", "shell", "-c", "secret"], "command shell"),
        (["manage.py", "records", "名单.xlsx"], "command records"),
        (["manage.py", "axes_reset_username", "liaison"], "command axes_reset_username"),
        (["manage.py"], "command"),
    ],
)
def test_c29_a_channel_names_the_command_and_nothing_that_was_typed_behind_it(
    arguments: list[str], channel: str
) -> None:
    assert origin.of_command(arguments) == channel


def test_c29_a_task_is_known_by_its_name(world: World, run_tally: Callable[[], None]) -> None:
    world.approved()
    run_tally()
    Cell.objects.update(total={"records": 99})
    verify_statistics()
    row = AuditEntry.objects.filter(deed=Deed.REPAIR).latest("pk")
    assert (row.channel, row.address, row.actor) == ("task tasks.verify_statistics", None, None)
    assert origin.channel.get() == ""


def test_c29_a_superuser_leaves_rows_like_anybody(world: World) -> None:
    Account.objects.filter(pk=world.administrator.pk).update(is_superuser=True)
    before = AuditEntry.objects.latest("pk").pk
    change(world, "units/unitkind", UnitKind.objects.get(code="school"), name="中小学")
    row = AuditEntry.objects.get(pk__gt=before)
    assert (row.deed, row.actor_id) == (Deed.CHANGE, world.administrator.pk)
