"""The pages of urging: whom it would reach, and the button that does it."""

from __future__ import annotations

from django import http
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from reports.campaigns.current import current
from reports.weekly.board.asking import asked, choices
from reports.weekly.models import Urging, WeeklyReport
from reports.weekly.steering import steered_by
from reports.weekly.urging.claiming import urge
from reports.weekly.urging.owing import MOST_REPORTS, preview
from units import scope
from units.models import Account
from units.rules import RuleError
from units.signed_in import person


def urging(request: http.HttpRequest) -> http.HttpResponse:
    """Show whom an urging would reach; by POST, urge those that were shown and still owe."""
    actor = person(request)
    if steered_by(actor).is_empty:
        raise PermissionDenied
    if request.method == "POST":
        left_out = _numbers(request.POST.getlist("not"))
        return _urge(request, _numbers(request.POST.get("reports", "").split(",")) - left_out, actor)
    campaign, now = current(request), timezone.now()
    if campaign is None:
        return redirect("weekly:board")
    wanted = asked(request.GET, choices(campaign, actor, now), actor)
    try:
        found = preview(campaign, wanted, actor=actor, now=now)
    except RuleError as refused:
        messages.error(request, str(refused.message))
        return redirect(f"{reverse('weekly:board')}?{wanted.query}")
    context = {
        "campaign": campaign,
        "asked": wanted,
        "found": found,
        "numbers": ",".join(str(one.report.pk) for one in found.urged),
        "now": now,
    }
    return render(request, "weekly/urging/preview.html", context)


@require_POST
def report_urge(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Urge about one report. Raises: Http404 for a stranger's, PermissionDenied to a mere reader."""
    actor = person(request)
    visible = WeeklyReport.objects.visible_to(actor).select_related("unit")
    report = scope.get_or_404(visible, pk=pk)
    if not steered_by(actor).covers(report.unit.path):
        raise PermissionDenied
    return _urge(request, {report.pk}, actor, back=reverse("weekly:report-detail", args=[pk]))


def _urge(
    request: http.HttpRequest, numbers: set[int], actor: Account, *, back: str = ""
) -> http.HttpResponse:
    """Call the verb and say what came of it; `back` is where to go, else the board as it was filtered."""
    try:
        made = urge(numbers, actor=actor)
    except RuleError as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _said(made))
    return redirect(back or f"{reverse('weekly:board')}?{request.GET.urlencode()}".rstrip("?"))


def _said(made: list[Urging]) -> str:
    """Return what was done, in a sentence."""
    n_units = len({urging.report.unit_id for urging in made})
    return ngettext(
        "%(number)d unit has been urged; the notice also stands on its start page until it files.",
        "%(number)d units have been urged; the notice also stands on their start pages until they file.",
        n_units,
    ) % {"number": n_units}


def _numbers(raw: list[str]) -> set[int]:
    """Return the keys of reports in what a form sent; nonsense is left out."""
    shape = (text for text in raw[: 2 * MOST_REPORTS] if text.isascii() and text.isdigit() and len(text) < 19)
    return {int(text) for text in shape}
