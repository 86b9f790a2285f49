"""The trail is kept for 180 days at least (C31); a purge leaves a chain that can be verified."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.personas import World
from tests.units.trail_tampering import unguarded
from units import audit, sealing
from units.models import AuditEntry, AuditSeal, Deed
from units.purging import purge
from units.rules import RuleError

DAY = dt.timedelta(days=1)


def write(world: World, at: dt.datetime, n_rows: int = 3) -> list[int]:
    """Write rows at a moment, and seal them then; return their numbers."""
    rows = [audit.entry(Deed.CHANGE, actor=world.reviewer, subject=world.school) for _number in range(n_rows)]
    for row in rows:
        row.at = at
    audit.record_many(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: at)
        sealing.seal()
    return list(AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[:n_rows])[::-1]


@pytest.fixture
def trail(world: World) -> dict[str, list[int]]:
    """Return the numbers of rows of 400, 200 and 10 days ago, each lot under its own seal."""
    with unguarded():
        AuditEntry.objects.all().delete()
    now = timezone.now()
    return {
        name: write(world, now - days * DAY) for name, days in {"old": 400, "mid": 200, "new": 10}.items()
    }


def test_purge_takes_the_old_rows_and_the_chain_still_holds(trail: dict[str, list[int]]) -> None:
    assert purge(timezone.now() - 300 * DAY, actor=None) == 3
    assert not AuditEntry.objects.filter(pk__in=trail["old"]).exists()
    assert AuditEntry.objects.filter(pk__in=trail["mid"] + trail["new"]).count() == 6
    told = AuditEntry.objects.get(deed=Deed.PURGE)
    assert (told.changes["up_to"], told.changes["n_rows"]) == (trail["old"][-1], 3)
    assert AuditSeal.objects.count() == 3
    assert sealing.first_break() is None
    sealing.seal()
    assert purge(timezone.now() - 190 * DAY, actor=None) == 3
    assert sealing.first_break() is None


def test_c31_purge_refuses_rows_younger_than_180_days(trail: dict[str, list[int]]) -> None:
    before = (timezone.localdate() - 179 * DAY).isoformat()
    with pytest.raises(CommandError):
        call_command("audit", "purge", "--before", before)
    with pytest.raises(RuleError) as refused:
        purge(timezone.now() - 180 * DAY + dt.timedelta(minutes=1), actor=None)
    assert refused.value.code == "too_young"
    assert AuditEntry.objects.count() == 9


def test_command_purges_and_says_how_many(
    trail: dict[str, list[int]], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit", "purge", "--before", (timezone.localdate() - 300 * DAY).isoformat())
    assert "3" in capsys.readouterr().out
    call_command("audit", "verify")


def test_purge_keeps_what_is_not_sealed_and_seals_with_a_younger_row(
    world: World, trail: dict[str, list[int]]
) -> None:
    with unguarded():
        AuditSeal.objects.all().delete()
    sealing.seal()
    assert purge(timezone.now() - 190 * DAY, actor=None) == 0
    assert AuditEntry.objects.count() == 9


def test_purge_does_not_bury_a_row_that_was_tampered_with(trail: dict[str, list[int]]) -> None:
    with unguarded():
        AuditEntry.objects.filter(pk=trail["old"][0]).update(actor_name="别人")
    with pytest.raises(RuleError) as refused:
        purge(timezone.now() - 300 * DAY, actor=None)
    assert refused.value.code == "trail_broken"


def test_deletion_beyond_the_purge_is_still_found(trail: dict[str, list[int]]) -> None:
    purge(timezone.now() - 300 * DAY, actor=None)
    with unguarded():
        AuditEntry.objects.filter(pk=trail["mid"][1]).delete()
    broken = sealing.first_break()
    assert broken is not None
    assert broken.row_id == trail["mid"][1]


def test_a_made_up_purge_covers_no_young_rows(world: World, trail: dict[str, list[int]]) -> None:
    forged = audit.entry(Deed.PURGE, actor=None, changes={"up_to": trail["new"][-1]})
    forged.at = timezone.now() + 400 * DAY
    forged.save()
    with unguarded():
        AuditEntry.objects.filter(pk__in=trail["new"]).delete()
    broken = sealing.first_break()
    assert broken is not None
    assert broken.row_id == trail["new"][0]


def test_a_row_put_back_after_the_purge_is_found(trail: dict[str, list[int]]) -> None:
    row = AuditEntry.objects.get(pk=trail["old"][0])
    purge(timezone.now() - 300 * DAY, actor=None)
    row.actor_name = "别人"
    row.save(force_insert=True)
    broken = sealing.first_break()
    assert broken is not None
    assert broken.row_id == row.pk
