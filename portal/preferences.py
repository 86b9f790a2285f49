"""What a person sets for themselves: the language, and the campaign on screen."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from reports.campaigns.current import choose
from reports.campaigns.models import Campaign
from units.models import Account

Response = TypeVar("Response", bound=HttpResponseBase)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on, on every device of a signed-in person."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    if isinstance(request.user, Account):
        Account.objects.filter(pk=request.user.pk).update(language=language)
    return remember_language(redirect(_way_back(request)), language)


@require_POST
def choose_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another campaign on screen; a page of the former one leads to the start page."""
    choose(request, get_object_or_404(Campaign, pk=pk))
    return redirect("start")


def remember_language(response: Response, language: str) -> Response:
    """Keep the language in the browser, where each request finds it without asking the database."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _way_back(request: HttpRequest) -> str:
    """Return the page the person came from, if it is one of this portal."""
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if is_ours else reverse("start")
