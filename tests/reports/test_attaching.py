"""Verbs on photos and files: who may, when, how many, and what stays behind."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage

from reports.campaigns.models import ActivityType
from reports.records import attaching, workflow
from reports.records.files import shelf
from reports.records.models import ActivityRecord, Attachment, StoredFile, Transition
from reports.records.reviewing import steps_of
from reports.records.states import Status
from tests.personas import World
from tests.reports.sample_files import pdf, picture, sent
from units.models import AuditEntry, Deed
from units.rules import RuleError

Run = Callable[[], object]


def refused(run: Run) -> str:
    """Return the code with which a verb refuses."""
    with pytest.raises(RuleError) as error:
        run()
    return error.value.code


def attached(world: World, record: ActivityRecord, number: int = 0) -> Attachment:
    """Return a file hung on a record; another number is another content."""
    upload = sent(f"记录{number}.pdf", pdf(inside=f"% {number}\n".encode()))
    return attaching.attach(record, upload, actor=world.liaison)


def ask_for_files(world: World, n_files: int) -> None:
    """Let the world's type ask for at least so many files."""
    ActivityType.objects.filter(pk=world.lecture.pk).update(n_attachments=n_files)
    world.lecture.refresh_from_db()


def test_photo_is_stored_once_under_its_hash(world: World) -> None:
    first, second = world.draft(), world.draft()
    for record in (first, second):
        attaching.attach(record, sent("合影.jpg", picture()), actor=world.liaison)
    stored = StoredFile.objects.get()
    assert [attachment.file for attachment in Attachment.objects.all()] == [stored, stored]
    with shelf.read(shelf.path_of(stored.sha256)) as file:
        assert shelf.is_whole(file, stored.sha256)
    assert default_storage.exists(shelf.thumbnail_of(stored.sha256))
    assert list(shelf.incoming().iterdir()) == []


def test_same_file_twice_on_one_record_is_once(world: World) -> None:
    record = world.draft()
    assert attached(world, record) == attached(world, record)
    assert record.attachments.count() == 1


def test_each_coming_and_going_has_its_audit_row(world: World) -> None:
    record = world.draft()
    attachment = attached(world, record)
    attaching.look_at(attachment, actor=world.reviewer).close()
    attaching.detach(attachment, actor=world.liaison)
    rows = AuditEntry.objects.filter(object_type="records.activityrecord", object_id=str(record.pk))
    sha256 = attachment.file.sha256
    assert list(rows.order_by("id").values_list("deed", "actor", "changes")[1:]) == [
        (Deed.CHANGE, world.liaison.pk, {"files": [None, "记录0.pdf"], "sha256": [None, sha256]}),
        (Deed.DOWNLOAD, world.reviewer.pk, {"file": "记录0.pdf", "sha256": sha256}),
        (Deed.CHANGE, world.liaison.pk, {"files": ["记录0.pdf", None], "sha256": [sha256, None]}),
    ]


def test_only_who_reports_for_the_unit_attaches_and_detaches(world: World) -> None:
    record = world.draft()
    attachment = attached(world, record)
    for other in (world.stranger, world.reviewer, world.head, world.administrator):
        upload = sent("a.pdf", pdf(inside=b"% other\n"))
        assert refused(lambda: attaching.attach(record, upload, actor=other)) == "not_yours"  # noqa: B023
        assert refused(lambda: attaching.detach(attachment, actor=other)) == "not_yours"  # noqa: B023
    assert record.attachments.count() == 1


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.APPROVED, Status.VOID])
def test_files_are_fixed_unless_the_unit_may_write(world: World, status: Status) -> None:
    record = world.draft()
    attachment = attached(world, record)
    stale = Attachment.objects.select_related("record__unit", "file").get(pk=attachment.pk)
    if status is Status.VOID:
        workflow.void(record, actor=world.liaison)
    else:
        workflow.submit(record, actor=world.liaison)
    if status is Status.APPROVED:
        workflow.approve(record, actor=world.reviewer)
    assert refused(lambda: attaching.detach(stale, actor=world.liaison)) == "wrong_state"
    assert refused(lambda: attached(world, record, 1)) == "wrong_state"
    assert record.attachments.count() == 1


def test_files_of_a_returned_record_can_change(world: World) -> None:
    record = workflow.send_back(world.submitted(), actor=world.reviewer, note="缺照片")
    attached(world, record)
    assert record.attachments.count() == 1


def test_form_that_is_not_saved_keeps_its_files_until_its_record_is_stored(world: World) -> None:
    key = uuid.uuid4()
    loose = attaching.attach_to_form(key, sent("a.pdf", pdf()), actor=world.liaison)
    assert loose.record is None
    record = workflow.create(world.school, world.lecture, world.content(), actor=world.liaison, key=key)
    assert list(record.attachments.all()) == [loose]
    late = attaching.attach_to_form(key, sent("b.jpg", picture()), actor=world.liaison)
    assert late.record == record


def test_form_of_one_person_is_not_that_of_another_with_the_same_key(world: World) -> None:
    key = uuid.uuid4()
    loose = attaching.attach_to_form(key, sent("a.pdf", pdf()), actor=world.liaison)
    workflow.create(world.other_school, world.lecture, world.content(), actor=world.stranger, key=key)
    loose.refresh_from_db()
    assert loose.record is None
    assert refused(lambda: attaching.detach(loose, actor=world.stranger)) == "not_yours"
    assert not Attachment.objects.visible_to(world.stranger).exists()
    assert list(Attachment.objects.visible_to(world.liaison)) == [loose]


def test_file_that_a_record_adopts_meanwhile_is_not_taken_off_behind_its_back(world: World) -> None:
    key = uuid.uuid4()
    seen = attaching.attach_to_form(key, sent("a.pdf", pdf()), actor=world.liaison)
    record = workflow.create(world.school, world.lecture, world.content(), actor=world.liaison, key=key)
    workflow.submit(record, actor=world.liaison)
    assert refused(lambda: attaching.detach(seen, actor=world.liaison)) == "stale"
    assert record.attachments.count() == 1


@pytest.mark.django_db(transaction=True)
def test_file_that_arrives_while_its_record_is_stored_belongs_to_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = uuid.uuid4()
    store = attaching._store

    def record_comes_first(*args: object) -> Attachment:
        workflow.create(world.school, world.lecture, world.content(), actor=world.liaison, key=key)
        return store(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(attaching, "_store", record_comes_first)
    attaching.attach_to_form(key, sent("a.pdf", pdf()), actor=world.liaison)
    assert ActivityRecord.objects.get().attachments.count() == 1


def test_submission_needs_as_many_files_as_the_type_asks_for(world: World) -> None:
    ask_for_files(world, 2)
    record = world.draft()
    attached(world, record, 1)
    with pytest.raises(RuleError) as error:
        workflow.submit(record, actor=world.liaison)
    assert (error.value.code, error.value.field) == ("required", "files")
    assert record.state is Status.DRAFT
    attached(world, record, 2)
    assert workflow.submit(record, actor=world.liaison).state is Status.SUBMITTED


def test_what_the_scanner_refuses_does_not_count(world: World) -> None:
    ask_for_files(world, 1)
    record = world.draft()
    attached(world, record)
    StoredFile.objects.update(state=StoredFile.State.INFECTED)
    assert refused(lambda: workflow.submit(record, actor=world.liaison)) == "required"
    assert refused(lambda: attached(world, world.draft())) == "infected"


def test_rounds_tell_which_files_changed(world: World) -> None:
    record = world.draft()
    old = attached(world, record, 1)
    workflow.submit(record, actor=world.liaison)
    workflow.send_back(record, actor=world.reviewer, note="照片不清")
    attaching.detach(old, actor=world.liaison)
    new = attached(world, record, 2)
    workflow.submit(record, actor=world.liaison)
    last = Transition.objects.filter(record=record).latest("version")
    assert last.content["files"] == [["记录2.pdf", new.file.sha256]]
    [changed] = steps_of(record)[-1].differences
    assert (changed.was[:8], changed.became[:8]) == ("记录1.pdf ", "记录2.pdf ")


def test_other_content_under_the_same_name_is_told_apart(world: World) -> None:
    record = world.draft()
    old = attaching.attach(record, sent("a.pdf", pdf()), actor=world.liaison)
    workflow.submit(record, actor=world.liaison)
    workflow.send_back(record, actor=world.reviewer, note="照片不清")
    attaching.detach(old, actor=world.liaison)
    attaching.attach(record, sent("a.pdf", pdf(inside=b"% new\n")), actor=world.liaison)
    workflow.submit(record, actor=world.liaison)
    [changed] = steps_of(record)[-1].differences
    assert changed.was != changed.became


def test_c62_record_and_unit_have_an_end(
    world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = world.draft()
    monkeypatch.setattr(attaching, "MOST_FILES", 2)
    for number in range(2):
        attached(world, record, number)
    assert refused(lambda: attached(world, record, 3)) == "too_many"
    settings.ATTACHMENT_QUOTA_MB = 0
    assert refused(lambda: attached(world, world.draft(), 3)) == "quota"


def test_person_cannot_fill_the_disk_with_forms_never_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_WAITING", 1)
    attaching.attach_to_form(uuid.uuid4(), sent("a.pdf", pdf()), actor=world.liaison)
    upload = sent("b.pdf", pdf(inside=b"% b\n"))
    assert refused(lambda: attaching.attach_to_form(uuid.uuid4(), upload, actor=world.liaison)) == "too_many"


def test_full_disk_is_told_and_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelf, "keep", full)
    record = world.draft()
    assert refused(lambda: attached(world, record)) == "no_room"
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()
    assert list(shelf.incoming().iterdir()) == []


def test_c41_altered_bytes_are_not_handed_out(world: World) -> None:
    attachment = attached(world, world.draft())
    with default_storage.open(shelf.path_of(attachment.file.sha256), "wb") as file:
        file.write(b"forged")
    assert refused(lambda: attaching.look_at(attachment, actor=world.liaison)) == "damaged"
    attachment.file.refresh_from_db()
    assert attachment.file.state == StoredFile.State.DAMAGED
    alarm = AuditEntry.objects.get(deed=Deed.ALERT)
    assert alarm.changes["rule"] == "file_damaged"
    assert attached(world, world.draft()).file.state == StoredFile.State.CLEAN
