"""How a request's body comes in: not larger than agreed, and to the disk on which files will lie."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from reports.records.files import shelf

MEBIBYTE = 1024 * 1024
TOO_LARGE = 413


class IncomingFile(TemporaryUploadedFile):
    """A file on its way in, under a name of ours: a sender's suffix may be longer than a disk allows."""

    def __init__(self, name: str | None, content_type: str | None, charset: str | None, extra: Any) -> None:
        # Gone when it is closed, which Django does at the end of every request.
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=shelf.incoming())  # noqa: SIM115
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class IncomingUploadHandler(TemporaryFileUploadHandler):
    """Writes what is too large for the memory into the folder for files that come in."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super(TemporaryFileUploadHandler, self).new_file(*args, **kwargs)
        self.file = IncomingFile(self.file_name, self.content_type, self.charset, self.content_type_extra)


class RequestSizeMiddleware:
    """Refuses a body that says it is larger than REQUEST_MB, before a byte of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH", "")
        if length.isdecimal() and int(length) > settings.REQUEST_MB * MEBIBYTE:
            page = render_to_string("413.html", {"limit": settings.REQUEST_MB})
            return HttpResponse(page, status=TOO_LARGE)
        return self.get_response(request)
