"""A fresh proof of who sits there, before a deed that changes what people may do or how they come in.

The form is kept in the session meanwhile, and goes on where it was stopped: nothing is typed twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponseBase]
KEPT, GO_ON = "kept_for_proof", "go_on"
# Source: OWASP ASVS 5.0, 7.5.1. None of these takes a file, which a session could not keep.
GRAVE = frozenset(
    {
        "admin:units_account_add",
        "admin:units_account_change",
        "admin:units_account_dismiss",
        "admin:units_account_disable",
        "admin:units_account_enable",
        "admin:units_account_hand_over",
        "admin:units_account_import_confirm",
        "admin:units_account_password",
        "admin:units_account_roles",
        "admin:units_team_add",
        "admin:units_team_change",
    }
)


def ask(request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
    """Lead to the proof before a grave deed, and do the deed once it is given; None lets others pass."""
    if request.resolver_match is None or request.resolver_match.view_name not in GRAVE:
        return None
    is_due = is_reauthentication_required(request, app="portal")
    if request.method == "POST" and is_due:
        return _keep(request)
    if request.method == "GET" and GO_ON in request.GET and not is_due and _take_up(request):
        return view(request, *args, **kwargs)
    return None


def _keep(request: HttpRequest) -> HttpResponse:
    """Keep the form and lead to the proof, which leads back here."""
    token = secrets.token_urlsafe(16)
    request.session[KEPT] = {"path": request.path, "token": token, "post": request.POST.urlencode()}
    query = request.GET.copy()
    query[GO_ON] = token
    target = {"next": f"{request.path}?{query.urlencode()}"}
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode(target)}")


def _take_up(request: HttpRequest) -> bool:
    """Make the request the one that was kept, once; say whether it is the one whose token it brings."""
    kept = request.session.get(KEPT)
    if kept is None or (kept["path"], kept["token"]) != (request.path, request.GET[GO_ON]):
        return False
    del request.session[KEPT]
    # Before the method is another one: asked for later, the files would empty the form.
    _ = request.FILES
    request.method, request.POST = "POST", QueryDict(kept["post"])
    return True
