"""The page behind the link “no more digests”; open to who holds the link."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from reports.digests.subscribing import reader_of, subscribe


# Mail programs post here by themselves (RFC 8058) and have no CSRF token; the signed link is the proof.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask before switching the digest off; a mail program or the button then does it."""
    reader = reader_of(token)
    if reader is None:
        raise Http404
    if request.method == "POST":
        reader = subscribe(reader, wants=request.POST.get("wish") == "again")
    return render(request, "digests/unsubscribe.html", {"person": reader, "token": token})
