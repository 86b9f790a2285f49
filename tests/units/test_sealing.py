"""The chain of seals over the audit trail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.personas import World
from units import audit, sealing
from units.models import AuditEntry, AuditSeal, Deed


def later() -> dt.datetime:
    """Return a moment at which all rows have settled."""
    return timezone.now() + dt.timedelta(hours=1)


@pytest.fixture
def sealed(world: World) -> list[int]:
    """Return the numbers of the rows under two seals."""
    sealing.seal(now=later())
    for _round in range(3):
        audit.record(
            Deed.CHANGE, actor=world.reviewer, subject=world.school, unit=world.school, changes={"a": [1, 2]}
        )
    sealing.seal(now=later())
    return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_untouched_trail_holds(sealed: list[int]) -> None:
    assert AuditSeal.objects.count() == 2
    assert sealing.first_break() is None
    call_command("audit", "verify")


def test_rows_that_have_not_settled_wait(world: World) -> None:
    assert sealing.seal(now=timezone.now()) == 0


def test_sealing_twice_seals_once(sealed: list[int]) -> None:
    assert sealing.seal(now=later()) == 0


@pytest.mark.parametrize(
    "change", [{"actor_name": "别人"}, {"changes": {"a": [1, 3]}}, {"deed": Deed.APPROVE}]
)
def test_changed_row_is_named(sealed: list[int], change: dict[str, object]) -> None:
    AuditEntry.objects.filter(pk=sealed[-2]).update(**change)
    found = sealing.first_break()
    assert found is not None
    assert found.row_id == sealed[-2]
    with pytest.raises(CommandError, match=str(sealed[-2])):
        call_command("audit", "verify")


def test_deleted_row_is_named(sealed: list[int]) -> None:
    AuditEntry.objects.filter(pk=sealed[3]).delete()
    found = sealing.first_break()
    assert found is not None
    assert found.row_id == sealed[3]


def test_inserted_row_is_named(sealed: list[int]) -> None:
    hole = sealed[-2]
    copy = AuditEntry.objects.get(pk=hole)
    AuditSeal.objects.all().delete()
    AuditEntry.objects.filter(pk=hole).delete()
    sealing.seal(now=later())
    copy.save(force_insert=True)
    found = sealing.first_break()
    assert found is not None
    assert found.row_id == hole


def test_deleted_seal_is_found(sealed: list[int]) -> None:
    AuditSeal.objects.order_by("id")[:1].get().delete()
    found = sealing.first_break()
    assert found is not None
    assert found.row_id is None


def test_rewritten_seal_is_found(sealed: list[int]) -> None:
    first = AuditSeal.objects.order_by("id")[:1].get()
    first.rows[str(sealed[0])] = "0" * 64
    first.save()
    found = sealing.first_break()
    assert found is not None
    assert found.seal_id == first.pk
