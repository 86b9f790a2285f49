"""Every deed is one row, whoever does it and whichever way: page, command or task (C28, C29)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

import manage
from reports.statistics.models import Cell
from tasks.verifying import verify_statistics
from tests.personas import World
from units import origin
from units.models import Account, AuditEntry, Deed, Unit, UnitKind


def browser_of(account: Account) -> Client:
    """Return a signed-in browser."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


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
