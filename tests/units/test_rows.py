"""Rows inserted by the thousand are those that a saving would have stored."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from tests.personas import World
from units import rows
from units.models import AuditEntry, Deed, Upload

MOMENT = dt.datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=dt.UTC)


def entry(world: World, number: int) -> AuditEntry:
    return AuditEntry(
        deed=Deed.CREATE,
        at=MOMENT,
        actor=world.liaison,
        actor_name="胡老师\t\\N \\. 𠮷",
        unit_id=world.school.pk,
        object_name="=1+1\n",
        changes={"text": ["", "引号 \" ' \\ \u2028"], "n": number, "none": None},
        address="2001:db8::1",
    )


def test_inserted_rows_are_those_that_are_saved(world: World) -> None:
    saved = entry(world, 1)
    saved.save()
    inserted = [entry(world, 1), entry(world, 1)]
    rows.insert(inserted)
    assert [row.pk for row in inserted] == [saved.pk + 1, saved.pk + 2]
    for row in inserted:
        stored = AuditEntry.objects.get(pk=row.pk)
        assert model_to_dict(stored) | {"id": 0} == model_to_dict(saved) | {"id": 0}
        assert stored.at == MOMENT
        assert not row._state.adding
    later = entry(world, 2)
    later.save()
    assert later.pk == saved.pk + 3


def test_nothing_is_asked_of_the_database_for_no_rows(db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        rows.insert([])
    assert len(asked) == 0


@pytest.mark.django_db
def test_broken_constraint_is_the_same_error_and_leaves_nothing(world: World) -> None:
    first = Upload.objects.create(account=world.liaison, name="a.csv", content=b"1")
    twins = [Upload(account=world.liaison, name="b.csv", content=b"\x00\xff", key=first.key)]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(twins)
    assert Upload.objects.count() == 1
    rows.insert([Upload(account=world.liaison, name="b.csv", content=b"\x00\xff")])
    assert bytes(Upload.objects.get(name="b.csv").content) == b"\x00\xff"
