"""Without a mail server, mail lands in a folder as files that a mail program opens."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from tests.personas import World
from units import mail
from units.models import AuditEntry, Deed, Mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: LazySettings, tmp_path: Path) -> Path:
    """Return the folder in which mail lands."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "portal.mailbox.EmailBackend", tmp_path / "mail"
    return tmp_path / "mail"


def make(key: str = "k") -> Mail:
    long_line = "场次" * 800
    return Mail(
        key=key,
        address="reader@example.org",
        subject="第12周 · 滨海市第一中学 · " + "摘要" * 40,
        text=f"您好：\n.\n{long_line}\n",
        html=f"<p>您好</p>{long_line}",
    )


def test_file_opens_with_its_subject_and_both_parts(box: Path) -> None:
    mail.enqueue([make()])
    assert mail.deliver_due(seconds=5) == 1
    [file] = box.iterdir()
    got = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert got["Subject"].strip() == make().subject
    assert [part.get_content_type() for part in got.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    bodies = [part.get_content() for part in got.iter_parts()]
    assert bodies[0].replace("\r\n", "\n").strip() == make().text.strip()
    assert bodies[1].strip() == make().html


def test_same_mail_twice_is_one_file(box: Path) -> None:
    mail.enqueue([make()])
    mail.deliver_due(seconds=5)
    Mail.objects.update(state="waiting")
    mail.deliver_due(seconds=5)
    assert len(list(box.iterdir())) == 1


def test_full_disk_leaves_the_mail_waiting(box: Path) -> None:
    box.write_text("a file where the folder should be")
    mail.enqueue([make()])
    assert mail.deliver_due(seconds=5) == 0
    row = Mail.objects.get()
    assert row.state == "waiting"
    assert row.error


def test_key_stores_a_mail_once_and_rings_once(box: Path, quiet_world: list[str]) -> None:
    assert mail.enqueue([make(), make("other")]) == 2
    assert mail.enqueue([make()]) == 0
    assert Mail.objects.count() == 2


def test_failed_mail_is_sent_again_on_request(box: Path, world: World) -> None:
    mail.enqueue([make("failed"), make("sent")])
    Mail.objects.filter(key="failed").update(state="failed", n_attempts=12)
    Mail.objects.filter(key="sent").update(state="sent", sent_at=timezone.now())
    assert mail.resend(Mail.objects.all(), actor=world.administrator) == 1
    row = Mail.objects.get(key="failed")
    assert (row.state, row.n_attempts) == ("waiting", 0)
    entry = AuditEntry.objects.get(deed=Deed.CHANGE, object_type="units.mail")
    assert entry.object_id == str(row.pk)
