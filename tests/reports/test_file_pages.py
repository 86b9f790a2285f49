"""Addresses of photos and files: handed in, seen and taken off by whom, under which headers."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reports.campaigns.models import ActivityType
from reports.records import attaching, workflow
from reports.records.files import shelf
from reports.records.models import ActivityRecord, Attachment, StoredFile
from tests.personas import World
from tests.reports.record_forms import CREATE, SignIn, codes, typed
from tests.reports.sample_files import office, pdf, picture, sent
from units.models import AuditEntry, Deed

MISSING = 987_654_321
MOST_QUERIES = 25


def photo_of(world: World, record: ActivityRecord, name: str = "合影.jpg") -> Attachment:
    """Return a photo of a record."""
    return attaching.attach(record, sent(name, picture()), actor=world.liaison)


def seen(browser: Client, name: str, pk: int) -> Any:
    """Return an answer that was read to its end, its bytes in `read`."""
    answer: Any = browser.get(address(name, pk))
    answer.read = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def address(name: str, *args: object) -> str:
    """Return an address of files."""
    return reverse(f"records:file-{name}", args=args)


def test_file_is_handed_in_before_and_after_the_record_is_saved(world: World, sign_in: SignIn) -> None:
    browser, key = sign_in(world.liaison), str(uuid.uuid4())
    answer = browser.post(address("keep", key), {"files": sent("合影.jpg", picture())})
    assert answer.status_code == 201
    assert "合影.jpg" in answer.content.decode()
    browser.post(CREATE, typed(world, key=key, deed="save"))
    record = ActivityRecord.objects.get()
    answer = browser.post(address("attach", record.pk), {"files": sent("签到表.xlsx", office("xlsx"))})
    assert answer.status_code == 201
    assert [attachment.name for attachment in record.attachments.all()] == ["合影.jpg", "签到表.xlsx"]


def test_refusal_is_a_sentence_for_the_script(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    answer = browser.post(address("attach", world.draft().pk), {"files": sent("a.jpg", b"<html>")})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_taken")
    assert "a.jpg" in answer.json()["message"]
    answer = browser.post(address("keep", uuid.uuid4()), {})
    assert (answer.status_code, answer.json()["code"]) == (422, "required")


def test_plain_form_brings_files_and_takes_marked_ones_off(world: World, sign_in: SignIn) -> None:
    browser = sign_in(world.liaison)
    form = typed(world, deed="save")
    browser.post(CREATE, form | {"files": [sent("a.pdf", pdf()), sent("b.jpg", picture())]})
    record = ActivityRecord.objects.get()
    old = record.attachments.first()
    assert old is not None
    form |= {"version": str(record.version), "deed": "submit", "drop_file": str(old.pk)}
    answer = browser.post(reverse("records:record-edit", args=[record.pk]), form)
    assert answer.status_code == 302
    record.refresh_from_db()
    assert record.status == "submitted"
    assert [attachment.name for attachment in record.attachments.all()] == ["b.jpg"]


def test_refused_file_of_a_plain_form_is_an_error_at_its_field(world: World, sign_in: SignIn) -> None:
    files = {"files": [sent("a.pdf", pdf()), sent("b.jpg", b"<html>")]}
    answer = sign_in(world.liaison).post(CREATE, typed(world) | files)
    assert answer.status_code == 422
    assert codes(answer, "files") == ["not_taken"]
    # What was taken stands in the list of the form that comes back.
    assert "a.pdf" in answer.content.decode()


def test_missing_file_is_an_error_at_its_field_and_a_draft_goes_without(
    world: World, sign_in: SignIn
) -> None:
    ActivityType.objects.update(n_attachments=1)
    browser = sign_in(world.liaison)
    answer = browser.post(CREATE, typed(world))
    assert codes(answer, "files") == ["required"]
    assert browser.post(CREATE, typed(world, deed="save")).status_code == 302
    edit = reverse("records:record-edit", args=[ActivityRecord.objects.get().pk])
    assert codes(browser.get(f"{edit}?complete=1"), "files") == ["required"]


def test_form_and_record_show_their_files(world: World, sign_in: SignIn) -> None:
    record = world.draft()
    photo = photo_of(world, record)
    browser = sign_in(world.liaison)
    for name in ("edit", "detail"):
        page = browser.get(reverse(f"records:record-{name}", args=[record.pk])).content.decode()
        assert address("thumbnail", photo.pk) in page
        assert address("download", photo.pk) in page


def test_form_of_a_type_without_files_has_no_field_for_them(world: World, sign_in: SignIn) -> None:
    ActivityType.objects.update(shows_attachments=False)
    assert "data-files" not in sign_in(world.liaison).get(CREATE).content.decode()


def test_picture_is_shown_and_a_document_saved_each_under_its_name(world: World, sign_in: SignIn) -> None:
    record = world.submitted()
    workflow.send_back(record, actor=world.reviewer, note="缺照片")
    photo = photo_of(world, record, "合影 “一”.jpg")
    paper = attaching.attach(record, sent("纪要.pdf", pdf()), actor=world.liaison)
    browser = sign_in(world.reviewer)
    answer = seen(browser, "download", photo.pk)
    assert answer.read.startswith(b"\xff\xd8")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    answer = seen(browser, "download", paper.pk)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert AuditEntry.objects.filter(deed=Deed.DOWNLOAD, actor=world.reviewer).count() == 2


def test_bytes_come_with_headers_that_keep_them_from_acting(world: World, sign_in: SignIn) -> None:
    photo = photo_of(world, world.draft())
    browser = sign_in(world.liaison)
    for name in ("download", "thumbnail"):
        answer = seen(browser, name, photo.pk)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"].startswith("default-src 'none'")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "private" in answer["Cache-Control"]
        assert answer["Content-Length"]


def test_c25_stranger_finds_no_file_and_changes_none(world: World, sign_in: SignIn) -> None:
    record = world.draft()
    photo = photo_of(world, record)
    browser = sign_in(world.stranger)
    for name in ("download", "thumbnail"):
        foreign, missing = browser.get(address(name, photo.pk)), browser.get(address(name, MISSING))
        assert (foreign.status_code, missing.status_code) == (404, 404)
    upload = sent("a.pdf", pdf())
    assert browser.post(address("detach", photo.pk)).status_code == 404
    assert browser.post(address("attach", record.pk), {"files": upload}).status_code == 404
    assert list(record.attachments.all()) == [photo]


def test_draft_is_seen_by_its_unit_alone_and_a_submission_by_who_reviews(
    world: World, sign_in: SignIn
) -> None:
    record = world.draft()
    photo = photo_of(world, record)
    for person, before, after in (
        (world.liaison, 200, 200),
        (world.head, 200, 200),
        (world.reviewer, 404, 200),
        (world.team_member, 404, 200),
        (world.leader, 404, 200),
        (world.newcomer, 404, 404),
    ):
        if record.status != "draft":
            ActivityRecord.objects.filter(pk=record.pk).update(status="draft")
        assert seen(sign_in(person), "thumbnail", photo.pk).status_code == before
        ActivityRecord.objects.filter(pk=record.pk).update(status="submitted", submitted_at=record.created_at)
        assert seen(sign_in(person), "thumbnail", photo.pk).status_code == after
        record.refresh_from_db()


def test_who_only_reads_takes_nothing_off(world: World, sign_in: SignIn) -> None:
    record = world.draft()
    photo = photo_of(world, record)
    assert sign_in(world.head).post(address("detach", photo.pk)).status_code == 403
    assert sign_in(world.liaison).post(address("detach", photo.pk)).status_code == 200
    assert not Attachment.objects.exists()


def test_handed_in_record_keeps_its_files_whatever_is_posted(world: World, sign_in: SignIn) -> None:
    record = world.draft()
    photo = photo_of(world, record)
    workflow.submit(record, actor=world.liaison)
    answer = sign_in(world.liaison).post(address("detach", photo.pk))
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_state")


@pytest.mark.parametrize("state", ["pending", "infected", "damaged"])
def test_file_that_is_not_proven_is_shown_to_nobody(world: World, sign_in: SignIn, state: str) -> None:
    photo = photo_of(world, world.draft())
    StoredFile.objects.update(state=state)
    browser = sign_in(world.liaison)
    assert browser.get(address("download", photo.pk)).status_code == 409
    assert browser.get(address("thumbnail", photo.pk)).status_code == 404
    page = browser.get(reverse("records:record-detail", args=[photo.record_id])).content.decode()
    assert address("thumbnail", photo.pk) not in page
    assert photo.file.__class__.objects.get().get_state_display() in page


def test_missing_thumbnail_is_a_missing_page(world: World, sign_in: SignIn) -> None:
    photo = photo_of(world, world.draft())
    shelf.remove(photo.file.sha256)
    assert sign_in(world.liaison).get(address("thumbnail", photo.pk)).status_code == 404


def test_signed_out_person_is_led_to_the_door(world: World, client: Client) -> None:
    photo = photo_of(world, world.draft())
    answer = client.get(address("download", photo.pk))
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_page_with_twenty_photos_costs_no_more_questions(
    world: World, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    record = world.draft()
    stored = [StoredFile(sha256=f"{n:064}", media_type="image/png", size=9) for n in range(20)]
    StoredFile.objects.bulk_create(stored)
    Attachment.objects.bulk_create(
        Attachment(record=record, author=world.liaison, key=record.key, file=file, name="a.png")
        for file in StoredFile.objects.all()
    )
    browser = sign_in(world.liaison)
    for name in ("edit", "detail"):
        with django_assert_max_num_queries(MOST_QUERIES):
            browser.get(reverse(f"records:record-{name}", args=[record.pk]))
