"""The pages for what went wrong: each says what happened and leads back."""

from __future__ import annotations

import logging
import uuid

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what could not be understood; without the frame, which could fail the same way."""
    return HttpResponse(render_to_string("400.html"), status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a colleague who lacks the role."""
    return render(request, "403.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer the same for what does not exist and for what belongs to strangers."""
    return render(request, "404.html", status=404)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose proof of origin is missing or old."""
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a failure of the portal itself with the number under which the log tells of it."""
    event = uuid.uuid4().hex[:12]
    logger.error("event %s: %s %s failed", event, request.method, request.path)
    return HttpResponse(render_to_string("500.html", {"event": event}), status=500)
