"""Many records at once: a confirmation that begins with what stands out, the decision, handing over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.records import assigning, bulk
from reports.records.models import ActivityRecord, ReturnReason
from reports.records.querysets import RecordQuerySet
from reports.records.queue import addresses
from reports.records.queue.asked import Asked, read_query
from reports.records.queue.exceptions import candidates_of
from reports.records.queue.forms import MANY_LIMIT, AssignForm, ManyForm
from reports.records.queue.listing import Viewer, rows_of
from reports.records.queue.record_pages import FOLDER, verb_of, viewer_of
from reports.records.states import NEEDS_REASON, Verb
from units import scope
from units.rules import RuleError
from units.scoped_admin import actor_of

if TYPE_CHECKING:
    from reports.records.admin import ActivityRecordAdmin

MANY = (Verb.APPROVE, Verb.RETURN)


def confirm(site: ActivityRecordAdmin, request: HttpRequest, verb: str) -> HttpResponse:
    """List what was ticked, or all that the list shows, with what stands out first; and ask."""
    decision = verb_of(verb, MANY)
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    viewer, query = viewer_of(request), request.GET.urlencode()
    if request.POST.get("everything"):
        rows = rows_of(read_query(query), viewer)
        return _page(site, request, decision, list(rows.with_names()[:MANY_LIMIT]), rows.count())
    ticked = _ticked(request)
    return _page(site, request, decision, _open_to(viewer, ticked), len(ticked))


def decide_many(site: ActivityRecordAdmin, request: HttpRequest, verb: str) -> HttpResponse:
    """Take one decision on many records; those that moved on or lie out of reach are left as they are."""
    decision = verb_of(verb, MANY)
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    data = request.POST.copy()
    data["chosen"] = ",".join(request.POST.getlist("chosen"))
    form = ManyForm(data)
    form.is_valid()
    if "chosen" in form.errors:
        raise BadRequest
    versions, actor = form.versions(), actor_of(request)
    if form.is_valid():
        try:
            outcome = _decide_all(decision, versions, actor, form.cleaned_data["whole"])
        except RuleError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(request, said(decision, outcome))
            return redirect(addresses.list_url(request.GET.urlencode()))
    shown = _open_to(viewer_of(request), set(versions))
    return _page(site, request, decision, shown, len(versions), form)


def hand_over_many(site: ActivityRecordAdmin, request: HttpRequest) -> HttpResponse:
    """Assign what was ticked to a colleague, and come back to the list."""
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = AssignForm(request.POST, scope.grantees(scope.REVIEW))
    if not form.is_valid():
        raise Http404
    to = form.cleaned_data["to"]
    outcome = assigning.assign_many(_ticked(request), actor=actor_of(request), to=to)
    messages.success(request, _assigned_said(outcome, str(to or "")))
    return redirect(addresses.list_url(request.GET.urlencode()))


def said(verb: Verb, outcome: bulk.Outcome) -> str:
    """Return how a bulk decision went."""
    n_counted = outcome.n_done - outcome.n_endorsed
    parts = []
    if verb is Verb.RETURN:
        parts.append(ngettext("%(count)d record returned.", "%(count)d records returned.", n_counted))
    elif n_counted or not outcome.n_endorsed:
        parts.append(ngettext("%(count)d record approved.", "%(count)d records approved.", n_counted))
    parts = [part % {"count": n_counted} for part in parts]
    if outcome.n_endorsed:
        endorsed = ngettext(
            "%(count)d record endorsed; it waits for a second review.",
            "%(count)d records endorsed; they wait for a second review.",
            outcome.n_endorsed,
        )
        parts.append(endorsed % {"count": outcome.n_endorsed})
    return " ".join([*parts, *_left_said(outcome)])


def _left_said(outcome: bulk.Outcome) -> list[str]:
    """Return what was left as it is; nothing where nothing was."""
    left = ngettext(
        "%(count)d was left as it is, because it was decided or changed meanwhile.",
        "%(count)d were left as they are, because they were decided or changed meanwhile.",
        outcome.n_left,
    )
    return [left % {"count": outcome.n_left}] if outcome.n_left else []


def _assigned_said(outcome: bulk.Outcome, to: str) -> str:
    """Return how many were handed over, and how many could not be."""
    if to:
        done = ngettext(
            "%(count)d record is assigned to %(person)s.",
            "%(count)d records are assigned to %(person)s.",
            outcome.n_done,
        )
    else:
        done = ngettext(
            "%(count)d record is assigned to nobody in particular.",
            "%(count)d records are assigned to nobody in particular.",
            outcome.n_done,
        )
    told = done % {"count": outcome.n_done, "person": to}
    if not outcome.n_left:
        return told
    left = ngettext(
        "%(count)d could not be: decided meanwhile, or not theirs to review.",
        "%(count)d could not be: decided meanwhile, or not theirs to review.",
        outcome.n_left,
    )
    return f"{told} {left % {'count': outcome.n_left}}"


def _page(
    site: ActivityRecordAdmin,
    request: HttpRequest,
    verb: Verb,
    records: list[ActivityRecord],
    n_chosen: int,
    form: ManyForm | None = None,
) -> TemplateResponse:
    """Return the confirmation."""
    found = candidates_of(records, verb)
    context = {
        **site.admin_site.each_context(request),
        "title": _("Approve records") if verb is Verb.APPROVE else _("Return records"),
        "subtitle": None,
        "opts": site.opts,
        "verb": verb.value,
        "records": records,
        "candidates": found,
        "n_concerns": sum(bool(candidate.concerns) for candidate in found),
        "n_left_out": n_chosen - len(records),
        "form": form or ManyForm(),
        "needs_reason": verb in NEEDS_REASON,
        "ready_reasons": ReturnReason.objects.filter(is_retired=False) if verb in NEEDS_REASON else [],
        "filters": request.GET.urlencode(),
        "list_url": addresses.list_url(request.GET.urlencode()),
    }
    return TemplateResponse(request, f"{FOLDER}confirm.html", context)


def _open_to(viewer: Viewer, ids: set[int]) -> list[ActivityRecord]:
    """Return those of some records that wait for this reviewer."""
    waiting: RecordQuerySet = rows_of(Asked(), viewer).filter(pk__in=ids)
    return list(waiting.with_names()[:MANY_LIMIT])


def _ticked(request: HttpRequest) -> set[int]:
    """Return the numbers that were ticked. Raises: BadRequest for what is none, or too many."""
    ticked = request.POST.getlist("ticked")
    if len(ticked) > MANY_LIMIT or not all(
        one.isascii() and one.isdigit() and len(one) < 19 for one in ticked
    ):
        raise BadRequest
    return {int(one) for one in ticked}


def _decide_all(verb: Verb, versions: dict[int, int], actor: Any, note: str) -> bulk.Outcome:
    """Call the set-wise verb."""
    if verb is Verb.APPROVE:
        return bulk.approve_many(versions, actor=actor, versions=versions)
    return bulk.send_back_many(versions, actor=actor, note=note, versions=versions)
