"""The list of records: narrowed down, searched, paged, kept under a name, taken away as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reports.campaigns.current import current
from reports.campaigns.models import Campaign
from reports.records import filters, handing_out
from reports.records.filters import RecordFilterForm
from reports.records.models import ActivityRecord, SavedFilter
from reports.records.paging import MOST_COUNTED, leaf
from reports.records.querysets import RecordQuerySet
from reports.records.words import matching
from units import scope
from units.models import Account, Unit
from units.rules import RuleError
from units.signed_in import person


@dataclass(frozen=True, slots=True)
class Shown:
    """The records of a campaign that a person sees, narrowed down as they chose."""

    campaign: Campaign
    form: RecordFilterForm
    rows: RecordQuerySet
    is_wide: bool

    @property
    def query(self) -> str:
        """Return what was chosen, as the links to other pages carry it."""
        chosen = self.form.query()
        return f"{chosen}&" if chosen else ""


@require_GET
def record_list(request: HttpRequest) -> HttpResponse:
    """List the records that the person may see, the latest on top."""
    user = person(request)
    held = scope.held(user)
    if not held:
        raise PermissionDenied
    shown = _shown(request, user)
    if shown is None:
        return render(request, "records/list.html", {"campaign": None})
    rows = shown.rows.with_names().with_indicators()
    context = {
        "campaign": shown.campaign,
        "filters": shown.form,
        "page": leaf(rows, after=request.GET.get("after", ""), before=request.GET.get("before", "")),
        "query": shown.query,
        "most_counted": MOST_COUNTED,
        "shows_units": shown.is_wide,
        "kept": SavedFilter.objects.filter(person=user).order_by("id"),
        "may_export": handing_out.may_export(user, held),
    }
    return render(request, "records/list.html", context)


@require_POST
def record_export(request: HttpRequest) -> HttpResponse:
    """Hand out what the list shows, all its pages, as a file."""
    user = person(request)
    if not handing_out.may_export(user, scope.held(user)):
        raise PermissionDenied
    shown = _shown(request, user)
    if shown is None:
        raise Http404
    try:
        return handing_out.handed_out(
            shown.rows, shown.campaign, request.GET.dict(), _format(request), actor=user
        )
    except RuleError as refused:
        messages.error(request, str(refused.message))
        return redirect(f"{reverse('records:record-list')}?{request.GET.urlencode()}")


@require_POST
def filter_keep(request: HttpRequest) -> HttpResponse:
    """Keep what the list is narrowed down to under a name."""
    user = person(request)
    if not scope.held(user):
        raise PermissionDenied
    shown = _shown(request, user)
    query = shown.form.query() if shown else ""
    try:
        kept = filters.keep(request.POST.get("name", ""), query, actor=user)
    except RuleError as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("“%(filter)s” is kept above the list.") % {"filter": kept})
    return redirect(f"{reverse('records:record-list')}?{query}")


@require_POST
def filter_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop one of one's own filters."""
    kept = scope.get_or_404(SavedFilter.objects.filter(person=person(request)), pk=pk)
    kept.delete()
    messages.success(request, _("“%(filter)s” is dropped.") % {"filter": kept})
    return redirect("records:record-list")


def _shown(request: HttpRequest, user: Account) -> Shown | None:
    """Return what the person sees and chose; None without a campaign."""
    campaign = current(request)
    if campaign is None:
        return None
    far = scope.reach(user, *scope.READ)
    is_wide = Unit.objects.filter(far.condition("path")).order_by()[:2].count() > 1
    form = RecordFilterForm(request.GET, campaign=campaign, far=far if is_wide else None)
    choice = form.chosen()
    rows = ActivityRecord.objects.visible_to(user).of_campaign(campaign).narrowed(choice)
    return Shown(campaign, form, matching(rows, choice.words), is_wide)


def _format(request: HttpRequest) -> str:
    """Return the kind of file that was asked for. Raises: Http404 for one that is not made."""
    wanted = request.POST.get("format", "")
    if wanted not in handing_out.FORMATS:
        raise Http404
    return wanted
