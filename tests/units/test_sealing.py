"""The audit trail is sealed into a chain: what was changed, taken out or slipped in is named (C30)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from tasks.trail import seal_audit
from tests.personas import World
from tests.units.trail_tampering import unguarded
from units import audit, sealing
from units.models import AuditEntry, AuditSeal, Deed


@pytest.fixture
def sealed(world: World, django_capture_on_commit_callbacks: Callable[..., object]) -> list[int]:
    """Return the numbers of the rows under two seals that were noted outside."""
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        sealing.seal()
        for number in range(3):
            audit.record(
                Deed.CHANGE,
                actor=world.reviewer,
                subject=world.school,
                unit=world.school,
                changes={"a": [1, number]},
            )
        sealing.seal()
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def found() -> sealing.Break:
    """Return the first break, which has to be there."""
    broken = sealing.first_break()
    assert broken is not None
    return broken


def test_untouched_trail_holds(sealed: list[int]) -> None:
    assert AuditSeal.objects.count() == 2
    assert sealing.first_break() is None
    call_command("audit", "verify")


def test_sealing_twice_seals_once(sealed: list[int]) -> None:
    assert sealing.seal() == 0
    seal_audit()
    assert AuditSeal.objects.count() == 2


def test_a_clock_that_jumps_neither_delays_nor_breaks_the_chain(
    world: World, sealed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in (9, -9):
        jumped = timezone.now() + dt.timedelta(hours=hours)
        monkeypatch.setattr("django.utils.timezone.now", lambda jumped=jumped: jumped)
        audit.record(Deed.CHANGE, actor=world.reviewer, subject=world.school)
        assert sealing.seal() == 1
    assert sealing.first_break() is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "别人"},
        {"changes": {"a": [1, 3]}},
        {"deed": Deed.APPROVE},
        {"channel": "web"},
        {"address": "203.0.113.9"},
        {"at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_c30_changed_row_is_named(sealed: list[int], change: dict[str, object]) -> None:
    with unguarded():
        AuditEntry.objects.filter(pk=sealed[-2]).update(**change)
    assert found().row_id == sealed[-2]
    with pytest.raises(CommandError, match=str(sealed[-2])):
        call_command("audit", "verify")


def test_c30_deleted_row_is_named(sealed: list[int]) -> None:
    with unguarded():
        AuditEntry.objects.filter(pk=sealed[3]).delete()
    assert found().row_id == sealed[3]


def test_c30_inserted_row_is_named(sealed: list[int]) -> None:
    hole = sealed[-2]
    copy = AuditEntry.objects.get(pk=hole)
    with unguarded():
        AuditSeal.objects.order_by("-pk")[:1].get().delete()
        AuditEntry.objects.filter(pk=hole).delete()
    sealing.seal()
    copy.save(force_insert=True)
    assert found().row_id == hole


def test_c30_swapped_rows_are_named(sealed: list[int]) -> None:
    first, second = AuditEntry.objects.filter(pk__in=sealed[-2:]).order_by("pk")
    with unguarded():
        AuditEntry.objects.filter(pk=first.pk).update(changes=second.changes, at=second.at)
        AuditEntry.objects.filter(pk=second.pk).update(changes=first.changes, at=first.at)
    assert found().row_id == first.pk


def test_c30_deleted_seal_is_found(sealed: list[int]) -> None:
    with unguarded():
        AuditSeal.objects.order_by("id")[:1].get().delete()
    assert found().row_id is None


@pytest.mark.parametrize("field", ["rows", "at", "previous", "digest"])
def test_c30_rewritten_seal_is_found(sealed: list[int], field: str) -> None:
    first = AuditSeal.objects.order_by("id")[:1].get()
    first.rows[str(sealed[0])] = "0" * 64
    first.at, first.previous, first.digest = timezone.now(), "1" * 64, "2" * 64
    with unguarded():
        first.save(update_fields=[field])
    assert found().seal_id == first.pk


def test_c30_end_of_the_trail_cut_off_with_its_seal_is_found_by_the_note_outside(
    sealed: list[int], settings: LazySettings
) -> None:
    last = AuditSeal.objects.order_by("-id")[:1].get()
    with unguarded():
        AuditEntry.objects.filter(pk__in=sealed[-3:]).delete()
        AuditSeal.objects.filter(pk=last.pk).delete()
    assert found().seal_id == last.pk
    # Without the note nothing in the database can tell; docs/operations.md says so.
    settings.AUDIT_ANCHOR.unlink()
    assert sealing.first_break() is None


def test_a_second_clock_is_not_an_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def beaten() -> int:
        raise IntegrityError

    monkeypatch.setattr(sealing, "seal", beaten)
    seal_audit()
    assert not AuditSeal.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles and one writer.")
@pytest.mark.parametrize("what", ["update row", "delete row", "update seal", "delete seal"])
def test_c30_database_itself_refuses_changes(sealed: list[int], what: str) -> None:
    deeds: dict[str, Callable[[], object]] = {
        "update row": lambda: AuditEntry.objects.filter(pk=sealed[0]).update(actor_name="x"),
        "delete row": lambda: AuditEntry.objects.filter(pk=sealed[0]).delete(),
        "update seal": lambda: AuditSeal.objects.update(digest="x"),
        "delete seal": lambda: AuditSeal.objects.all().delete(),
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        deeds[what]()
    assert sealing.first_break() is None
