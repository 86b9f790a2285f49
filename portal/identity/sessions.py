"""Sessions: how long they last, how many one account has, which they are, and the way to end them."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.identity.browsers import browser_name
from units import audit
from units.models import Account, Deed

BEGAN, SEEN = "began_at", "seen_at"
# A click is noted once in this time, so that a page costs no write.
NOTE_EVERY_SECONDS = 60


def begin(request: HttpRequest) -> None:
    """Start the clocks of a session."""
    request.session[BEGAN] = request.session[SEEN] = timezone.now().timestamp()


def reason_to_end(session: SessionBase, now: dt.datetime) -> str:
    """Return why the session is over, `idle` or `old`, or nothing."""
    moment = now.timestamp()
    if moment - session.get(SEEN, moment) >= settings.SESSION_IDLE_MINUTES * 60:
        return "idle"
    return "old" if moment - session.get(BEGAN, moment) >= settings.SESSION_HOURS * 3600 else ""


def note_click(request: HttpRequest, now: dt.datetime) -> None:
    """Note that the person is there. Queries: none within a minute of the last note."""
    if now.timestamp() - request.session.get(SEEN, 0) < NOTE_EVERY_SECONDS:
        return
    request.session.setdefault(BEGAN, now.timestamp())
    request.session[SEEN] = now.timestamp()
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


@transaction.atomic
def close(request: HttpRequest, account: Account, *, reason: str) -> None:
    """End the session that the request came with."""
    audit.record(Deed.SESSION_END, actor=account, subject=account, unit=account.unit, changes={"why": reason})
    forget(request)
    request.session.flush()
    request.user = AnonymousUser()


def forget(request: HttpRequest) -> None:
    """Take the present session off the list."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def end_surplus(account: Account) -> None:
    """End the account's oldest sessions beyond SESSIONS_PER_ACCOUNT."""
    surplus = UserSession.objects.filter(user=account).order_by("-created_at", "-pk")
    for session in surplus[settings.SESSIONS_PER_ACCOUNT :]:
        _end(session, account, reason="too many")


@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Show where the account is signed in."""
    rows = UserSession.objects.purge_and_list(request.user)
    rows.sort(key=lambda row: row.last_seen_at, reverse=True)
    shown = [(row, browser_name(row.user_agent)) for row in rows]
    limits = {
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
        "most": settings.SESSIONS_PER_ACCOUNT,
    }
    return render(request, "identity/sessions.html", {"sessions": shown, "limits": limits})


@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's other sessions."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is None or session.is_current() or not isinstance(request.user, Account):
        raise Http404
    _end(session, request.user, reason="by hand")
    messages.success(request, _("That session is over: whoever used it has to sign in again."))
    return redirect("session-list")


@require_POST
def others_end(request: HttpRequest) -> HttpResponse:
    """End all sessions of the person but this one."""
    end_others(request, reason="by hand")
    messages.success(request, _("You are signed in here alone now."))
    return redirect("session-list")


def end_others(request: HttpRequest, *, reason: str) -> None:
    """End all sessions of the account but the present one."""
    if not isinstance(request.user, Account):
        return
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    for session in others:
        _end(session, request.user, reason=reason)


@transaction.atomic
def _end(session: UserSession, account: Account, *, reason: str) -> None:
    changes = {"why": reason, "address": session.ip}
    audit.record(Deed.SESSION_END, actor=account, subject=account, unit=account.unit, changes=changes)
    session.end()
