"""The pages of a weekly meeting: the sheet, and what is noted on it."""

from __future__ import annotations

from http import HTTPStatus

from django import http
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reports.campaigns.current import current
from reports.campaigns.models import Period
from reports.weekly.meeting.deciding import amend, note, remove, wording_of
from reports.weekly.meeting.forms import DecisionForm
from reports.weekly.meeting.sheet import sheet
from reports.weekly.models import MeetingDecision
from reports.weekly.steering import steered_by
from units import scope
from units.models import Account, Unit
from units.rules import RuleError
from units.signed_in import person

SEES = (scope.REVIEW, scope.OVERSEE)


@require_GET
def meeting(request: http.HttpRequest) -> http.HttpResponse:
    """Show the sheet of a week, the running one unless asked for another. Queries: at most 22."""
    reader = _reader(request)
    weeks = _weeks(request)
    if not weeks:
        return render(request, "weekly/board/empty.html", {"campaign": current(request)})
    unit = _unit(reader, request.GET.get("unit", ""))
    return _page(request, _week(weeks, request.GET.get("week", "")), unit, DecisionForm())


@require_POST
def decision_add(request: http.HttpRequest) -> http.HttpResponse:
    """Note a decision of a meeting."""
    actor = _reader(request)
    if steered_by(actor).is_empty:
        raise PermissionDenied
    weeks = _weeks(request)
    if not weeks:
        return redirect("weekly:meeting")
    unit = _unit(actor, request.POST.get("unit", ""))
    if not steered_by(actor).covers(unit.path):
        raise PermissionDenied
    week, form = _week(weeks, request.POST.get("week", "")), DecisionForm(request.POST)
    if form.is_valid():
        try:
            note(week, unit, form.wording(), actor=actor)
        except RuleError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(request, _("The decision has been noted."))
            return _back(week, unit)
    return _page(request, week, unit, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def decision_edit(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Change a decision."""
    decision = _steered(request, pk)
    wording = wording_of(decision)
    if request.method != "POST":
        first = {"text": wording.text, "in_charge": wording.in_charge, "due_on": wording.due_on}
        return _edit_page(request, decision, DecisionForm(initial=first))
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, decision, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        amend(decision, form.wording(), version=_version(request), actor=person(request))
    except RuleError as error:
        form.add_error(error.field or None, str(error.message))
        stale = error.code == "stale"
        status = HTTPStatus.CONFLICT if stale else HTTPStatus.UNPROCESSABLE_ENTITY
        return _edit_page(request, decision, form, status=status)
    messages.success(request, _("The decision has been changed."))
    return _back(decision.period, decision.meeting_of)


@require_POST
def decision_remove(request: http.HttpRequest, pk: int) -> http.HttpResponse:
    """Take a decision off the sheet."""
    decision = _steered(request, pk)
    try:
        remove(decision, version=_version(request), actor=person(request))
    except RuleError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The decision has been removed; the trail keeps it."))
    return _back(decision.period, decision.meeting_of)


def _reader(request: http.HttpRequest) -> Account:
    """Return the person. Raises: PermissionDenied to whoever neither reviews nor oversees anything."""
    reader = person(request)
    if scope.held(reader).isdisjoint(SEES):
        raise PermissionDenied
    return reader


def _weeks(request: http.HttpRequest) -> list[Period]:
    """Return the weeks of the campaign on screen that have begun, the latest first."""
    campaign = current(request)
    if campaign is None:
        return []
    begun = campaign.periods.weekly().filter(starts_on__lte=campaign.today(timezone.now()))
    return list(begun.select_related("campaign").order_by("-number"))


def _week(weeks: list[Period], raw: str) -> Period:
    """Return the week of a number, the latest for none. Raises: Http404 for one that is not there."""
    found = weeks if not raw else [week for week in weeks if str(week.number) == raw]
    if not found:
        raise http.Http404
    return found[0]


def _unit(reader: Account, raw: str) -> Unit:
    """Return the unit whose meeting it is, the highest for none. Raises: Http404 for a stranger's."""
    if not raw:
        highest = scope.topmost(reader, *SEES).in_tree_order().first()
        if highest is None:
            raise http.Http404
        return highest
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise http.Http404
    return scope.get_or_404(scope.units(reader, *SEES), pk=int(raw))


def _steered(request: http.HttpRequest, pk: int) -> MeetingDecision:
    """Return a decision that the person may change. Raises: Http404, or PermissionDenied to a mere reader."""
    reader = person(request)
    seen = MeetingDecision.objects.filter(scope.reach(reader, *SEES).condition("meeting_of__path"))
    kept = seen.filter(removed_at=None).select_related("period__campaign", "meeting_of", "owner")
    decision = scope.get_or_404(kept, pk=pk)
    if not steered_by(reader).covers(decision.meeting_of.path):
        raise PermissionDenied
    return decision


def _version(request: http.HttpRequest) -> int:
    """Return which version of the row the person saw; nonsense is none that ever was."""
    raw = request.POST.get("version", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def _back(period: Period, unit: Unit) -> http.HttpResponse:
    """Lead back to the sheet."""
    return redirect(f"{reverse('weekly:meeting')}?week={period.number}&unit={unit.pk}#decisions")


def _page(
    request: http.HttpRequest,
    week: Period,
    unit: Unit,
    form: DecisionForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> http.HttpResponse:
    """Show the sheet with the form for one more decision."""
    reader, weeks = person(request), _weeks(request)
    before = next((one for one in weeks if one.number == week.number - 1), None)
    context = {
        "sheet": sheet(week, before, unit, timezone.now()),
        "weeks": weeks,
        "units": list(scope.topmost(reader, *SEES).in_tree_order()[:200]),
        "form": form,
        "may_note": steered_by(reader).covers(unit.path),
    }
    return render(request, "weekly/meeting/sheet.html", context, status=status)


def _edit_page(
    request: http.HttpRequest,
    decision: MeetingDecision,
    form: DecisionForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> http.HttpResponse:
    """Show the form of one decision; after a conflict with the version that is stored now."""
    if status is HTTPStatus.CONFLICT:
        decision.refresh_from_db()
    context = {"decision": decision, "form": form}
    return render(request, "weekly/meeting/edit.html", context, status=status)
