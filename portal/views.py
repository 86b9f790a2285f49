"""The start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.context import Frame
from portal.start import overview_of, queue_for, to_sign, work_of
from reports.records.desk import desk_of
from units import scope
from units.signed_in import person


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show the person what is theirs to do, and how it stands."""
    user, frame = person(request), Frame(request)
    desk = desk_of(user, request.GET.get("unit", "")) if frame.may_report else None
    context = {
        "frame": frame,
        "work": work_of(frame, desk, user) if desk else None,
        "queue": queue_for(user) if scope.REVIEW in frame.held else None,
        "to_sign": to_sign(user) if scope.SIGN in frame.held else [],
        "overview": overview_of(frame, user) if frame.held and not desk else None,
    }
    return render(request, "portal/start.html", context)
