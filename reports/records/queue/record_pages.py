"""One record in the queue: its page beside the list, a decision on it, handing it to a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from reports.records import assigning, workflow
from reports.records.models import ActivityRecord
from reports.records.queue import addresses, showing
from reports.records.queue.asked import Asked, read_query
from reports.records.queue.forms import AssignForm, DecisionForm
from reports.records.queue.listing import Viewer, rows_of
from reports.records.reviewing import following
from reports.records.states import Status, Verb
from units import scope
from units.rules import RuleError
from units.scoped_admin import actor_of, reach_of

if TYPE_CHECKING:
    from reports.records.admin import ActivityRecordAdmin

FOLDER = "admin/records/activityrecord/"
SINGLE = {Verb.APPROVE: workflow.approve, Verb.RETURN: workflow.send_back, Verb.REOPEN: workflow.reopen}
# What the decision of somebody else, meanwhile, answers with.
CONFLICTS = frozenset({"stale", "wrong_state"})


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who looks at the queue, their reach asked once for the page."""
    review = reach_of(request, scope.REVIEW)
    return Viewer(actor_of(request), review, reach_of(request, scope.REVIEW, scope.OVERSEE))


def queue_page(site: ActivityRecordAdmin, request: HttpRequest) -> TemplateResponse:
    """Return the list, with what is worth knowing while no record is open beside it."""
    viewer, query = viewer_of(request), request.GET.urlencode()
    asked = read_query(query)
    listed = showing.list_context(request, asked, viewer, addresses.place_in(query))
    context = frame(site, request, viewer, listed) | listed | showing.done_context(viewer, asked)
    return TemplateResponse(request, f"{FOLDER}queue.html", context)


def record_page(
    site: ActivityRecordAdmin,
    request: HttpRequest,
    record: ActivityRecord,
    *,
    form: DecisionForm | None = None,
    seen: int = 0,
    status: int = 200,
) -> TemplateResponse:
    """Return the record beside its list; alone where the page is there already and asks for a part."""
    viewer, query = viewer_of(request), addresses.kept(request)
    asked = read_query(query)
    shown = showing.record_context(record, viewer, query, form, seen)
    if is_part(request):
        response = TemplateResponse(request, f"{FOLDER}_record.html", shown, status=status)
        if request.method == "POST":
            # A refused decision has no address that could be opened again.
            response["HX-Push-Url"] = "false"
        return response
    listed = showing.list_context(request, asked, viewer, addresses.place_in(query), record)
    context = frame(site, request, viewer, listed) | listed | shown | {"subtitle": str(record)}
    return TemplateResponse(request, f"{FOLDER}queue.html", context, status=status)


def decide(site: ActivityRecordAdmin, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one decision by its verb, then go on to what waits next."""
    decision = verb_of(verb, SINGLE)
    record = _asked_for(site, request, pk)
    if record is None:
        return HttpResponseNotAllowed(["POST"])
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return record_page(site, request, record, form=form)
    # The verb claims this version and no other, so nobody decides on what they have not seen.
    record.version = form.cleaned_data["version"]
    try:
        SINGLE[decision](record, actor=actor_of(request), note=form.cleaned_data["whole"])
    except RuleError as error:
        return _refused(site, request, pk, form, error)
    return _go_on(request, record, _said(record, decision))


def hand_over(site: ActivityRecordAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Assign a record to a colleague, and stay with it."""
    record = _asked_for(site, request, pk)
    if record is None:
        return HttpResponseNotAllowed(["POST"])
    form = AssignForm(request.POST, scope.grantees(scope.REVIEW))
    if not form.is_valid():
        raise Http404
    try:
        assigning.assign(record, actor=actor_of(request), to=form.cleaned_data["to"])
    except RuleError as error:
        if error.code == "not_yours":
            raise PermissionDenied from error
        messages.error(request, str(error.message))
    else:
        messages.success(request, assigned_said(record))
    return redirect(addresses.record_url(pk, addresses.kept(request)))


def assigned_said(record: ActivityRecord) -> str:
    """Return to whom a record was handed."""
    if record.assigned_to is None:
        return _("“%(record)s” is assigned to nobody in particular.") % {"record": record}
    return _("“%(record)s” is assigned to %(person)s.") % {"record": record, "person": record.assigned_to}


def is_part(request: HttpRequest) -> bool:
    """Say whether the page is there already and only its right side is asked for."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def frame(
    site: ActivityRecordAdmin, request: HttpRequest, viewer: Viewer, listed: dict[str, Any]
) -> dict[str, Any]:
    """Return what every page of the queue begins with."""
    held = {
        "title": _("Review"),
        "subtitle": None,
        "opts": site.opts,
        "has_export_permission": site.has_export_permission(request),
        "is_popup": False,
    }
    asked: Asked = listed["asked"]
    progress = showing.progress_of(viewer, asked, listed["counts"]) if asked.is_queue else {}
    return site.admin_site.each_context(request) | held | progress


def verb_of(name: str, allowed: Any) -> Verb:
    """Return the verb of an address. Raises: Http404 for any other word."""
    if name not in {verb.value for verb in allowed}:
        raise Http404
    return Verb(name)


def _asked_for(site: ActivityRecordAdmin, request: HttpRequest, pk: int) -> ActivityRecord | None:
    """Return the record that a button was pressed on; None where none was pressed."""
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return None
    record: ActivityRecord = scope.get_or_404(site.get_queryset(request), pk=pk)
    return record


def _refused(
    site: ActivityRecordAdmin, request: HttpRequest, pk: int, form: DecisionForm, error: RuleError
) -> HttpResponse:
    """Say why nothing was changed, at its field; 409 with what changed where somebody was faster."""
    if error.code == "not_yours":
        raise PermissionDenied
    record = scope.get_or_404(site.get_queryset(request), pk=pk)
    if error.field:
        form.add_error(error.field, str(error.message))
        return record_page(site, request, record, form=form)
    typed = {name: form.cleaned_data[name] for name in ("note", "reasons")}
    fresh = DecisionForm(initial={"version": record.version, **typed})
    if error.code in CONFLICTS:
        seen = form.cleaned_data["version"]
        return record_page(site, request, record, form=fresh, seen=seen, status=409)
    messages.error(request, str(error.message))
    return record_page(site, request, record, form=fresh)


def _go_on(request: HttpRequest, record: ActivityRecord, said: str) -> HttpResponse:
    """Lead to the next record in the queue, at its end to the quiet list."""
    viewer, query = viewer_of(request), addresses.kept(request)
    asked = read_query(query)
    upcoming = following(rows_of(asked, viewer), record) if asked.is_queue and record.submitted_at else None
    stays = record.state is Status.RETURNED and not asked.is_queue
    url = addresses.list_url(query)
    if upcoming is not None or stays:
        url = addresses.record_url((upcoming or record).pk, query)
    if not is_part(request):
        messages.success(request, said)
        return redirect(url)
    context: dict[str, Any] = {"decided": record, "said": said, "asked": asked}
    context |= showing.progress_of(viewer, asked)
    if upcoming is None and not stays:
        context |= showing.done_context(viewer, asked)
    else:
        shown = upcoming or record
        context |= showing.record_context(shown, viewer, query)
    response = TemplateResponse(request, f"{FOLDER}_after_decision.html", context)
    response["HX-Push-Url"] = url
    return response


def _said(record: ActivityRecord, verb: Verb) -> str:
    """Return what was done."""
    if verb is Verb.APPROVE and record.state is Status.SUBMITTED:
        verb = Verb.ENDORSE
    return {
        Verb.ENDORSE: _("“%(record)s” is endorsed and waits for a colleague's second review."),
        Verb.APPROVE: _("“%(record)s” is approved."),
        Verb.RETURN: _("“%(record)s” is returned to its unit."),
        Verb.REOPEN: _("“%(record)s” is reopened and counts no more."),
    }[verb] % {"record": record}
