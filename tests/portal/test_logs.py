"""The log: one line whatever it quotes (C35), UTC (C33), no secret (C34), each row of the trail (C36)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from django.test import Client

from portal.logs import JsonFormatter, LineFormatter
from reports.records import workflow
from tests.personas import World
from units import accounts, audit
from units.models import Account, AuditEntry, Deed
from units.sealing import row_digest

Captured = Callable[..., object]
HOSTILE = ["a\r\n2026-11-23T00:00:00+00:00 INFO forged", "a\u2028b", "a\u202eb", "a\x1b[2Kb", "a\x00b"]
FORMATTERS = [LineFormatter(), JsonFormatter()]


def written(message: str, formatter: logging.Formatter, **extra: object) -> str:
    """Return a message as the log holds it."""
    record = logging.makeLogRecord({"msg": "name %s", "args": (message,), "levelname": "INFO", **extra})
    return formatter.format(record)


@pytest.mark.parametrize("formatter", FORMATTERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_c35_a_message_is_one_line_and_hides_nothing(formatter: logging.Formatter, text: str) -> None:
    line = written(text, formatter)
    assert len(line.splitlines()) == 1
    assert not set(line) & set("\r\n\u2028\u202e\x1b\x00")


def test_c33_moments_are_in_utc_with_their_offset() -> None:
    record = logging.makeLogRecord({"msg": "x", "created": 0})
    assert LineFormatter().format(record).startswith("1970-01-01T00:00:00.000+00:00 ")
    assert json.loads(JsonFormatter().format(record))["at"] == "1970-01-01T00:00:00.000+00:00"


def test_c36_each_row_of_the_trail_is_one_line_once_it_is_committed(
    world: World, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Captured
) -> None:
    with (
        caplog.at_level(logging.INFO, logger="units.audit"),
        django_capture_on_commit_callbacks(execute=True),  # type: ignore[attr-defined]
    ):
        draft = world.draft(title="私密的题目")
        workflow.submit(draft, actor=world.liaison)
        assert not [record for record in caplog.records if record.name == "units.audit"]
    lines = [JsonFormatter().format(record) for record in caplog.records if record.name == "units.audit"]
    told = [json.loads(line)["facts"] for line in lines]
    stored = list(AuditEntry.objects.filter(pk__in=[facts["row"] for facts in told]).order_by("pk"))
    assert [facts["deed"] for facts in told] == [Deed.CREATE, Deed.SUBMIT]
    assert [facts["digest"] for facts in told] == [row_digest(row) for row in stored]
    assert "私密" not in "".join(lines).encode().decode("unicode_escape")


def test_c34_no_password_token_or_session_key_in_log_or_trail(
    world: World, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Captured
) -> None:
    canary, wrong = "Canary-9f3c-Passwort", "Canary-wrong-77aa"
    client = Client()
    with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        accounts.open_account(Account(username="canary", name="金丝雀"), canary, actor=None)
        client.post("/sign-in/", {"username": "canary", "password": wrong})
        client.post("/sign-in/", {"username": wrong, "password": canary})
        client.post("/sign-in/", {"username": "canary", "password": canary})
        client.get(f"/records/1/?token={canary}")
        session = client.cookies["sessionid"].value
        client.post("/sign-out/")
    trail = json.dumps(list(AuditEntry.objects.values()), default=str, ensure_ascii=False)
    ours = [record for record in caplog.records if record.name.split(".")[0] in {"units", "portal", "django"}]
    logged = "\n".join(JsonFormatter().format(record) for record in ours)
    assert len(session) > 20
    assert "canary" in trail
    for secret in (canary, wrong, session):
        assert secret not in trail
        assert secret not in logged


def test_c35_a_name_with_a_line_break_stays_inside_its_row(world: World) -> None:
    row = audit.record(Deed.CHANGE, actor=world.liaison, changes={"name": ["a", "b\r\nforged"]})
    line = written(json.dumps(row.changes), JsonFormatter())
    assert len(line.splitlines()) == 1
