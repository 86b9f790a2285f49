"""What the trail gives reason to look at becomes an alarm, once (C37)."""

from __future__ import annotations

import datetime as dt
import logging
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from tasks.trail import raise_alerts
from tests.personas import World
from units import alerts, audit
from units.models import Account, AuditAlert, AuditEntry, Deed

Rule = AuditAlert.Rule
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def browser_of(account: Account) -> Client:
    """Return a signed-in browser."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def write(deed: Deed, actor: Account, at: dt.datetime, **changes: object) -> AuditEntry:
    """Write one row at a moment."""
    row = audit.entry(deed, actor=actor, changes=changes)
    row.at = at
    row.save(force_insert=True)
    return row


def raised() -> list[tuple[str, int]]:
    """Return the alarms: rule, and row that set it off."""
    return list(AuditAlert.objects.order_by("pk").values_list("rule", "entry_id"))


@pytest.mark.parametrize(
    ("n_refusals", "minutes", "n_alarms"), [(9, 0, 0), (10, 0, 1), (10, 1, 0), (20, 0, 2)]
)
def test_c37_ten_refusals_to_one_person_in_five_minutes(
    world: World, n_refusals: int, minutes: int, n_alarms: int
) -> None:
    rows = [
        write(Deed.REFUSED, world.liaison, NOON + number * dt.timedelta(minutes=minutes, seconds=1))
        for number in range(n_refusals)
    ]
    write(Deed.REFUSED, world.stranger, NOON)
    now = NOON + dt.timedelta(hours=1)
    assert alerts.raise_alerts(now=now) == n_alarms
    assert alerts.raise_alerts(now=now) == 0
    expected = [(Rule.MANY_REFUSED.value, rows[9 + 10 * number].pk) for number in range(n_alarms)]
    assert raised() == expected


def test_c37_refused_objects_leave_rows_and_the_clock_raises_the_alarm(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    foreign, client = world.foreign(), browser_of(world.liaison)
    for _number in range(alerts.MANY):
        assert client.get(f"/records/{foreign.pk}/").status_code == 404
    assert client.get("/nowhere/").status_code == 404
    rows = AuditEntry.objects.filter(deed=Deed.REFUSED, actor=world.liaison)
    assert rows.count() == alerts.MANY
    told = rows.latest("pk")
    assert told.changes["asked"] == {"pk": str(foreign.pk)}
    assert told.changes["page"] == "records:record-detail"
    with caplog.at_level(logging.WARNING, logger="units.alerts"):
        raise_alerts()
    assert raised() == [(Rule.MANY_REFUSED.value, told.pk)]
    row = AuditEntry.objects.get(deed=Deed.ALERT)
    assert (row.channel, row.changes["person"]) == ("task tasks.raise_alerts", world.liaison.pk)
    assert any("many_refused" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(("n_rows", "rules"), [(1000, []), (1001, [Rule.LARGE_EXPORT])])
def test_c37_export_of_more_than_a_thousand_rows(world: World, n_rows: int, rules: list[Rule]) -> None:
    row = write(Deed.EXPORT, world.reviewer, NOON, n_rows=n_rows)
    alerts.raise_alerts(now=NOON + dt.timedelta(minutes=1))
    assert raised() == [(rule.value, row.pk) for rule in rules]


@pytest.mark.parametrize(
    ("hour", "minute", "is_night"),
    [(21, 59, False), (22, 0, True), (3, 0, True), (5, 59, True), (6, 0, False)],
)
def test_c37_export_at_night(world: World, hour: int, minute: int, is_night: bool) -> None:
    at = NOON.replace(hour=hour, minute=minute)
    write(Deed.EXPORT, world.reviewer, at, n_rows=1)
    alerts.raise_alerts(now=at + dt.timedelta(minutes=1))
    assert bool(raised()) is is_night


def test_an_alarm_is_seen_by_the_auditor_alone(world: World) -> None:
    write(Deed.EXPORT, world.reviewer, timezone.now(), n_rows=5000)
    alerts.raise_alerts(now=timezone.now() + dt.timedelta(seconds=1))
    url = "/admin/units/auditalert/"
    assert world.reviewer.name in browser_of(world.auditor).get(url).content.decode()
    for who in (world.administrator, world.reviewer, world.newcomer):
        assert browser_of(who).get(url).status_code == 403


def test_c32_no_alarm_without_its_audit_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write(Deed.EXPORT, world.reviewer, NOON, n_rows=5000)

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OSError("disk is full")

    monkeypatch.setattr(AuditEntry, "save", refuse)
    with pytest.raises(OSError, match="disk is full"):
        alerts.raise_alerts(now=NOON + dt.timedelta(minutes=1))
    assert raised() == []
