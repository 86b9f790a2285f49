"""Addresses of photos and files: hand one in, take it off, look at it; nothing is shown but through here."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.records import attaching
from reports.records.files import shelf
from reports.records.files.inspecting import FIELD
from reports.records.models import ActivityRecord, Attachment
from units import scope
from units.rules import RuleError
from units.signed_in import person

CREATED = 201
REFUSED = 422
# A file of a stranger runs nothing and fetches nothing, should a browser take it for a page.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_POST
def file_keep(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Take a file for a form that was not saved yet; the answer is its line in the list."""
    user = person(request)
    if scope.reach(user, scope.REPORT).is_empty:
        raise PermissionDenied
    return _take(request, lambda upload: attaching.attach_to_form(key, upload, actor=user))


@require_POST
def file_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file for a stored record; the answer is its line in the list."""
    user = person(request)
    record = scope.get_or_404(ActivityRecord.objects.visible_to(user).select_related("unit"), pk=pk)
    if not scope.may(user, scope.REPORT, record.unit):
        raise PermissionDenied
    return _take(request, lambda upload: attaching.attach(record, upload, actor=user))


@require_POST
def file_detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off its record or form."""
    attachment, user = _visible(request, pk), person(request)
    if attachment.record and not scope.may(user, scope.REPORT, attachment.record.unit):
        raise PermissionDenied
    try:
        attaching.detach(attachment, actor=user)
    except RuleError as refused:
        return _refused(refused)
    return HttpResponse()


@require_safe
def file_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a picture, or hand a file out to be saved; its bytes are proven first and the look is noted."""
    attachment = _visible(request, pk)
    try:
        file = attaching.look_at(attachment, actor=person(request))
    except RuleError as refused:
        return render(request, "records/file_away.html", {"refused": refused}, status=409)
    is_picture = attachment.file.kind.is_picture
    return _bytes(attachment, FileResponse(file, as_attachment=not is_picture, filename=attachment.name))


@require_safe
def file_thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show a small picture of a picture."""
    attachment = _visible(request, pk)
    if not attachment.file.is_ready or not attachment.file.kind.is_picture:
        raise Http404
    try:
        file = shelf.read(shelf.thumbnail_of(attachment.file.sha256))
    except OSError as error:
        raise Http404 from error
    response = FileResponse(file, filename="small.jpg")
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _visible(request: HttpRequest, pk: int) -> Attachment:
    """Return a file that the person may see. Raises: Http404."""
    found: Attachment = scope.get_or_404(Attachment.objects.visible_to(request.user).with_place(), pk=pk)
    return found


def _take(request: HttpRequest, attach: Callable[..., Attachment]) -> HttpResponse:
    """Hand the one file of a request on, and answer with its line or with the reason why not."""
    upload = request.FILES.get(FIELD)
    if upload is None:
        return _refused(RuleError("required", _("No file came along; choose it once more.")))
    try:
        attachment = attach(upload)
    except RuleError as refused:
        return _refused(refused)
    return render(request, "records/_file.html", {"attachment": attachment}, status=CREATED)


def _refused(refused: RuleError) -> HttpResponse:
    """Answer the script with the sentence that it shows."""
    return JsonResponse({"code": refused.code, "message": str(refused.message)}, status=REFUSED)


def _bytes(attachment: Attachment, response: FileResponse) -> FileResponse:
    """Name what the bytes are, whatever the name says, and keep them from acting."""
    response.headers["Content-Type"] = attachment.file.media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
