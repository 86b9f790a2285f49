"""Stored files are proven, and nothing is left behind by what was given up, cut off or killed."""

from __future__ import annotations

import datetime as dt
import os
import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from reports.records import attaching, workflow
from reports.records.files import care, inspecting, shelf
from reports.records.models import ActivityRecord, Attachment, StoredFile
from tests.personas import World
from tests.reports.sample_files import pdf, picture, sent
from units.models import AuditEntry, Deed


def age(*, days: int = 2) -> None:
    """Make everything that is stored older."""
    before = timezone.now() - dt.timedelta(days=days)
    StoredFile.objects.update(touched_at=before, verified_at=before)
    Attachment.objects.update(created_at=before)
    for root, _folders, names in os.walk(shelf.incoming().parent):
        for name in names:
            os.utime(os.path.join(root, name), (before.timestamp(),) * 2)


def files_on_disk() -> list[str]:
    """Return what lies anywhere in the storage."""
    return [name for _root, _folders, names in os.walk(shelf.incoming().parent) for name in names]


def test_verify_proves_each_file_once_a_night(world: World) -> None:
    attaching.attach(world.draft(), sent("a.jpg", picture()), actor=world.liaison)
    assert care.verify(seconds=10) == (0, 0)
    age()
    assert care.verify(seconds=10) == (1, 0)
    assert care.verify(seconds=10) == (0, 0)


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_c41_damage_is_found_told_once_and_mended_by_a_restore(world: World, harm: str) -> None:
    attachment = attaching.attach(world.draft(), sent("a.pdf", pdf()), actor=world.liaison)
    name = shelf.path_of(attachment.file.sha256)
    if harm == "altered":
        with default_storage.open(name, "wb") as file:
            file.write(b"forged")
    else:
        default_storage.delete(name)
    for _night in range(2):
        age()
        assert care.verify(seconds=10) == (1, 1)
    assert AuditEntry.objects.filter(deed=Deed.ALERT).count() == 1
    assert care.n_damaged() == 1
    with pytest.raises(CommandError):
        call_command("attachments", "verify")
    with default_storage.open(name, "wb") as file:
        file.write(pdf())
    age()
    assert care.verify(seconds=10) == (1, 0)
    assert care.n_damaged() == 0
    call_command("attachments", "verify")


def test_verify_ends_in_time_and_goes_on_where_it_stopped(world: World) -> None:
    record = world.draft()
    for number in range(3):
        attaching.attach(record, sent("a.pdf", pdf(inside=f"%{number}\n".encode())), actor=world.liaison)
    age()
    assert care.verify(seconds=0) == (0, 0)
    assert care.verify(seconds=10) == (3, 0)


def test_sweep_takes_what_was_never_saved_and_leaves_what_is_shown(world: World) -> None:
    kept = attaching.attach(world.draft(), sent("a.pdf", pdf()), actor=world.liaison)
    attaching.attach_to_form(uuid.uuid4(), sent("b.jpg", picture()), actor=world.liaison)
    assert care.sweep().is_nothing
    age()
    swept = care.sweep()
    assert (swept.n_attachments, swept.n_files, swept.n_strays) == (1, 1, 0)
    assert care.sweep().is_nothing
    assert list(Attachment.objects.all()) == [kept]
    assert files_on_disk() == [kept.file.sha256]


def test_file_taken_off_goes_after_a_day_unless_another_record_shows_it(world: World) -> None:
    first, second = (
        attaching.attach(world.draft(), sent("a.pdf", pdf()), actor=world.liaison) for _number in range(2)
    )
    attaching.detach(first, actor=world.liaison)
    age()
    assert care.sweep().is_nothing
    attaching.detach(second, actor=world.liaison)
    age()
    assert care.sweep().n_files == 1
    assert files_on_disk() == []


def test_file_of_a_form_whose_record_is_stored_is_that_records(world: World) -> None:
    key = uuid.uuid4()
    attaching.attach_to_form(key, sent("a.pdf", pdf()), actor=world.liaison)
    record = workflow.create(world.school, world.lecture, world.content(), actor=world.liaison, key=key)
    # As if the process had been killed between the two.
    Attachment.objects.update(record=None)
    age()
    assert care.sweep().is_nothing
    workflow.submit(record, actor=world.liaison)
    assert record.attachments.count() == 1


def test_sweep_takes_bytes_without_a_row_and_what_killed_uploads_left(world: World) -> None:
    (shelf.incoming() / "work-killed").mkdir()
    (shelf.incoming() / "work-killed" / "source").write_bytes(b"half a photo")
    default_storage.save(shelf.path_of("ab" * 32), ContentFile(b"a photo without a row"))
    assert care.sweep().is_nothing
    age()
    assert care.sweep().n_strays == 2
    assert files_on_disk() == []
    assert not StoredFile.objects.exists()


def test_file_that_is_handed_in_again_while_it_is_swept_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    attaching.attach_to_form(uuid.uuid4(), sent("a.pdf", pdf()), actor=world.liaison)
    age()
    record, sweep_file = world.draft(), care._sweep_file

    def somebody_is_quicker(sha256: str, before: dt.datetime) -> bool:
        attaching.attach(record, sent("a.pdf", pdf()), actor=world.liaison)
        return sweep_file(sha256, before)

    monkeypatch.setattr(care, "_sweep_file", somebody_is_quicker)
    assert care.sweep().n_files == 0
    attachment = record.attachments.get()
    attaching.look_at(attachment, actor=world.liaison).close()


class KilledError(BaseException):
    """What a killed process feels."""


STEPS: list[tuple[object, str]] = [
    (inspecting, "inspect"),
    (attaching, "_claim"),
    (attaching, "_check_room"),
    (attaching, "_row"),
    (shelf, "keep"),
    (os, "fsync"),
    (attaching, "_note"),
    (Attachment.objects, "create"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("place", "step"), STEPS, ids=[step for _place, step in STEPS])
def test_p42_kill_at_any_step_leaves_no_row_without_file_and_no_file_after_the_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch, place: object, step: str, moment: str
) -> None:
    record, real = world.draft(), getattr(place, step)

    def killed(*args: object, **named: object) -> object:
        if moment == "after":
            real(*args, **named)
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(place, step, killed)
        with pytest.raises(KilledError):
            attaching.attach(record, sent("a.jpg", picture()), actor=world.liaison)
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()
    age()
    care.sweep()
    assert files_on_disk() == []
    attachment = attaching.attach(record, sent("a.jpg", picture()), actor=world.liaison)
    age()
    care.sweep()
    attaching.look_at(attachment, actor=world.liaison).close()


def test_sweep_and_verify_can_be_called_by_hand(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    attaching.attach_to_form(uuid.uuid4(), sent("a.pdf", pdf()), actor=world.liaison)
    age()
    call_command("attachments", "verify")
    call_command("attachments", "sweep")
    said = capsys.readouterr().out.splitlines()
    assert [[word for word in line if word.isdecimal()] for line in said] == [["1"], ["1", "1", "0"]]
    assert not ActivityRecord.objects.exists()
