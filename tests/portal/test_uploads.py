"""Bodies of requests: too large ones are not read, and what is read lies where it is deleted."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from portal.uploads import IncomingUploadHandler, RequestSizeMiddleware
from reports.records.files import shelf
from tests.personas import World
from tests.reports.sample_files import pdf, sent
from units.models import Account

MEBIBYTE = 1024 * 1024


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_args: object) -> bytes:
        raise AssertionError("It was read.")


def test_c62_body_that_says_it_is_too_large_is_not_read(settings: LazySettings) -> None:
    request = RequestFactory().post(
        "/records/1/files/", CONTENT_LENGTH=str(settings.REQUEST_MB * MEBIBYTE + 1)
    )
    request.META["wsgi.input"] = Unread()
    passed: list[HttpRequest] = []

    def portal(request: HttpRequest) -> HttpResponse:
        passed.append(request)
        return HttpResponse()

    answer = RequestSizeMiddleware(portal)(request)
    assert answer.status_code == 413
    assert str(settings.REQUEST_MB) in answer.content.decode()
    assert passed == []


def test_body_within_the_limit_and_none_at_all_pass(client: Client, db: None) -> None:
    assert client.get("/sign-in/").status_code == 200
    assert client.post("/sign-in/", {"username": "a", "password": "b"}).status_code == 200


def test_large_file_comes_in_under_a_name_of_ours_and_is_gone_when_it_is_closed() -> None:
    handler = IncomingUploadHandler()
    handler.new_file("files", "照片." + "x" * 5000, "image/jpeg", 3, None, {})
    [path] = shelf.incoming().iterdir()
    assert path.name.endswith(".upload")
    handler.receive_data_chunk(b"abc", 0)
    file = handler.file_complete(3)
    assert file is not None
    assert (file.size, file.read()) == (3, b"abc")
    file.close()
    assert list(shelf.incoming().iterdir()) == []


def test_large_file_leaves_nothing_of_its_own_after_the_request(
    world: World, sign_in: Callable[[Account], Client]
) -> None:
    large = sent("a.pdf", pdf(inside=b"%" + b"a" * (3 * MEBIBYTE) + b"\n"))
    answer = sign_in(world.liaison).post(f"/records/{world.draft().pk}/files/", {"files": large})
    assert answer.status_code == 201
    assert list(shelf.incoming().iterdir()) == []


def test_thousands_of_parts_are_refused(world: World, sign_in: Callable[[Account], Client]) -> None:
    parts = {"files": [sent(f"{number}.pdf", b"%PDF") for number in range(101)]}
    answer = sign_in(world.liaison).post(f"/records/{world.draft().pk}/files/", parts)
    assert answer.status_code == 400
