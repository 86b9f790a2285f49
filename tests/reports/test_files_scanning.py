"""The virus scanner's hook, against a clamd that says what the test wants."""

from __future__ import annotations

import socket
import struct
import threading
import uuid
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage

from reports.records import attaching
from reports.records.files import scanning, shelf
from reports.records.models import Attachment, StoredFile
from tasks.files import scan_files
from tests.personas import World
from tests.reports.record_forms import SignIn
from tests.reports.sample_files import EICAR, pdf, sent
from units.models import AuditEntry, Deed
from units.rules import RuleError

State = StoredFile.State


class Clamd:
    """A daemon that finds the EICAR test file as the real one does; `says` overrules it."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.says = b""
        self.scanned: list[bytes] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self.listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as file:
                if file.read(10) == b"zINSTREAM\0":
                    content = b"".join(iter(lambda: self._chunk(file), b""))
                    self.scanned.append(content)
                    found = b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"
                    line.sendall((self.says or found) + b"\0")

    @staticmethod
    def _chunk(file: object) -> bytes:
        [size] = struct.unpack("!L", file.read(4))  # type: ignore[attr-defined]
        chunk: bytes = file.read(size)  # type: ignore[attr-defined]
        return chunk


@pytest.fixture
def clamd(tmp_path_factory: pytest.TempPathFactory, settings: LazySettings) -> Iterator[Clamd]:
    """Start a daemon and name its address to the portal."""
    path = tmp_path_factory.mktemp("clamd") / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        settings.CLAMD_ADDRESS = f"unix://{path}"
        daemon = Clamd(listener)
        yield daemon
        listener.shutdown(socket.SHUT_RDWR)
    daemon.thread.join(5)


def infected() -> bytes:
    """Return a PDF file that carries the EICAR test file."""
    return pdf(inside=b"%" + EICAR + b"\n")


def attached(world: World, content: bytes) -> Attachment:
    """Return a file of a draft."""
    return attaching.attach(world.draft(), sent("a.pdf", content), actor=world.liaison)


def test_c65_file_is_seen_by_nobody_before_the_scanner_has_said_ok(
    world: World, clamd: Clamd, sign_in: SignIn, quiet_world: list[str]
) -> None:
    attachment = attached(world, pdf())
    address = f"/records/files/{attachment.pk}/"
    browser = sign_in(world.liaison)
    assert attachment.file.state == State.PENDING
    assert browser.get(address).status_code == 409
    scan_files()
    attachment.file.refresh_from_db()
    assert attachment.file.state == State.CLEAN
    assert clamd.scanned == [pdf()]
    answer = browser.get(address)
    assert b"".join(answer.streaming_content) == pdf()  # type: ignore[attr-defined]


def test_c65_eicar_loses_its_bytes_and_raises_the_alarm(world: World, clamd: Clamd) -> None:
    attachment = attached(world, infected())
    scan_files()
    attachment.file.refresh_from_db()
    assert attachment.file.state == State.INFECTED
    assert not default_storage.exists(shelf.path_of(attachment.file.sha256))
    assert AuditEntry.objects.get(deed=Deed.ALERT).changes["virus"] == "Eicar-Signature"
    with pytest.raises(RuleError) as refused:
        attached(world, infected())
    assert refused.value.code == "infected"
    attaching.detach(attachment, actor=world.liaison)


@pytest.mark.parametrize("says", [b"stream: Something ERROR", b"INSTREAM size limit exceeded. ERROR", b" "])
def test_scanner_that_does_not_judge_leaves_the_file_waiting(world: World, clamd: Clamd, says: bytes) -> None:
    clamd.says = says
    attachment = attached(world, pdf())
    assert scanning.scan_pending(seconds=5) == 0
    attachment.file.refresh_from_db()
    assert attachment.file.state == State.PENDING
    clamd.says = b""
    assert scanning.scan_pending(seconds=5) == 1


@pytest.mark.parametrize("address", ["unix:///nonexistent/clamd", "tcp://127.0.0.1:1"])
def test_c71_scanner_that_is_away_lets_nothing_through(
    world: World, settings: LazySettings, address: str
) -> None:
    settings.CLAMD_ADDRESS = address
    attachment = attached(world, pdf())
    scan_files()
    attachment.file.refresh_from_db()
    assert attachment.file.state == State.PENDING


def test_new_file_rings_for_the_scanner(
    world: World, clamd: Clamd, quiet_world: list[str], django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        attaching.attach_to_form(uuid.uuid4(), sent("a.pdf", pdf()), actor=world.liaison)
    assert quiet_world == ["tasks.scan_files"]


def test_without_a_scanner_nothing_waits(world: World) -> None:
    assert attached(world, pdf()).file.state == State.CLEAN
    assert scanning.scan_pending(seconds=5) == 0
