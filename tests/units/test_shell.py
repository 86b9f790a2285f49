"""What the operator's shell could do past the verbs is refused or written down (C29, C32)."""

from __future__ import annotations

import io
import sys

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import DatabaseError, connections
from django.test import Client

import manage
from tests.personas import World
from tests.portal.identity_steps import attempt, changes_of, is_in
from units.models import Account, AuditEntry, Deed
from units.shell import REFUSED, WRITTEN_DOWN

# They call verbs, which write their own rows.
OWN = {
    "accounts",
    "attachments",
    "audit",
    "changepassword",
    "createsuperuser",
    "demonstration",
    "records",
    "statistics",
    "units",
}
# They change no row of the portal: they look, check, serve, or make files, tables and migrations.
HARMLESS = {
    "check", "clearsessions", "collectstatic", "compilemessages", "createcachetable", "diffsettings",
    "findstatic", "inspectdb", "makemessages", "makemigrations", "migrate", "optimizemigration", "portal",
    "runserver", "sendtestemail", "showmigrations", "sqlflush", "sqlmigrate", "sqlsequencereset",
    "squashmigrations", "startapp", "startproject", "test", "testserver",
}  # fmt: skip


@pytest.fixture(autouse=True)
def connection_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test's connection: a command closes its own when it ends."""
    monkeypatch.setattr(connections, "close_all", lambda: None)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """Run a command line as the shell does."""
    monkeypatch.setattr(sys, "argv", ["manage.py", *arguments])
    manage.main()


def test_c29_every_command_has_its_place() -> None:
    assert set(get_commands()) == OWN | HARMLESS | REFUSED.keys() | WRITTEN_DOWN


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_c29_command_past_every_rule_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    n_rows = AuditEntry.objects.count()
    with pytest.raises(SystemExit) as refused:
        run(monkeypatch, name, "--noinput")
    assert str(refused.value.code).startswith(f"{name}: ")
    assert (AuditEntry.objects.count(), Account.objects.filter(username="liaison").count()) == (n_rows, 1)


def test_c29_command_without_verb_is_written_down_before_it_runs(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = AuditEntry.objects.latest("pk").pk
    run(monkeypatch, "axes_reset_username", "liaison")
    row = AuditEntry.objects.get(pk__gt=last)
    assert (row.deed, row.channel, row.actor) == ("command", "command axes_reset_username", None)
    assert row.changes == {"command": "axes_reset_username"}


def test_c32_command_that_cannot_be_written_down_does_not_run(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("full")

    monkeypatch.setattr(AuditEntry, "save", refuse)
    with pytest.raises(DatabaseError):
        run(monkeypatch, "dumpdata", "units.account")
    assert "liaison" not in capsys.readouterr().out


def test_c29_asking_for_help_is_no_deed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, "dumpdata", "--help")
    assert not AuditEntry.objects.exists()


def test_c29_c32_account_without_limit_is_written_down_or_not_opened(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "seven quiet mountains")
    run(monkeypatch, "createsuperuser", "--noinput", "--username", "root", "--name", "应急")
    row = AuditEntry.objects.get()
    assert (row.deed, row.channel, row.object_name) == ("create", "command createsuperuser", "应急")
    assert row.changes == {"username": "root", "is_superuser": True}

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("full")

    monkeypatch.setattr(AuditEntry, "save", refuse)
    with pytest.raises(DatabaseError):
        call_command("createsuperuser", "--noinput", "--username", "other", "--name", "n")
    assert list(Account.objects.values_list("username", flat=True)) == ["root"]


def test_c12_c29_changepassword_gives_a_first_password_and_writes_it_down(world: World) -> None:
    assert get_commands()["changepassword"] == "portal"
    said = io.StringIO()
    call_command("changepassword", "LIAISON", stdout=said)
    name, password = said.getvalue().split()
    assert name == "liaison"
    browser = Client()
    attempt(browser, "liaison", password)
    assert not is_in(browser)
    assert browser.get("/").headers["Location"].startswith("/account/password/")
    assert changes_of(Deed.PASSWORD_CHANGE)[-1] == {"way": "first password"}
    with pytest.raises(CommandError):
        call_command("changepassword", "nobody")
