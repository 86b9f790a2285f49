"""What has been typed and not been sent: kept from the form by its script, opened again, dropped."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.campaigns.current import choose, current
from reports.records import keeping
from reports.records.models import WorkingCopy
from reports.records.typed import Typed
from units import scope
from units.rules import RuleError
from units.signed_in import person

STATUS_OF = {"unreadable": 400, "not_yours": 404, "full": 409, "other_person": 409, "too_long": 413}


@require_http_methods(["GET", "POST"])
def typed(request: HttpRequest) -> HttpResponse:
    """Keep what stands in a form; asked without one, tell who is signed in and the token to send along."""
    if scope.REPORT not in scope.held(person(request)):
        raise PermissionDenied
    if request.method != "POST":
        return JsonResponse({"person": person(request).pk, "token": get_token(request)})
    try:
        kept = _keep(request)
    except RuleError as refused:
        told = {"code": refused.code, "message": str(refused.message)}
        return JsonResponse(told, status=STATUS_OF[refused.code])
    return JsonResponse(
        {
            "at": f"{timezone.localtime():%H:%M}",
            "id": kept.copy.pk if kept.copy else None,
            "sequence": kept.sequence,
            "others": kept.n_others,
        }
    )


@require_GET
def typed_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the form with what was typed into it."""
    copy = _own(request, pk)
    campaign = copy.activity_type.campaign
    if current(request) != campaign:
        choose(request, campaign)
    record = keeping.record_of(copy)
    if record is not None:
        return redirect(f"{reverse('records:record-edit', args=[record.pk])}?typed={pk}")
    address = reverse("records:record-create", args=[copy.activity_type.code])
    return redirect(f"{address}?unit={copy.unit_id}&typed={pk}")


@require_POST
def typed_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away what was typed and not sent."""
    copy = _own(request, pk)
    keeping.drop(copy)
    messages.success(request, _("“%(form)s” has been thrown away; it had not been sent.") % {"form": copy})
    return redirect("start")


def _keep(request: HttpRequest) -> keeping.Kept:
    """Keep what a script sent. Raises: RuleError as `keeping.keep`, `other_person`."""
    form, sender, sequence = Typed.of_json(request.body)
    if sender != person(request).pk:
        message = _("Somebody else is signed in by now; what was typed stays on this device.")
        raise RuleError("other_person", message)
    return keeping.keep(form, actor=person(request), sequence=sequence)


def _own(request: HttpRequest, pk: int) -> WorkingCopy:
    """Return a copy of the person's own. Raises: Http404."""
    own = WorkingCopy.objects.filter(person=person(request))
    return scope.get_or_404(own.select_related("activity_type__campaign", "record"), pk=pk)
