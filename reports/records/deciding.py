"""The pages behind the review queue: one record, one decision, and many at once."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports.records import bulk, workflow
from reports.records.models import ActivityRecord, Transition
from reports.records.numbers import numbers_of
from reports.records.querysets import RecordQuerySet
from reports.records.reviewing import decisions_for, following, is_own, queue_of, steps_of
from reports.records.states import NEEDS_REASON, Status, Verb
from units import scope
from units.rules import RuleError
from units.scoped_admin import actor_of
from units.text_fields import LongText

if TYPE_CHECKING:
    from reports.records.admin import ActivityRecordAdmin

SINGLE = {Verb.APPROVE: workflow.approve, Verb.RETURN: workflow.send_back, Verb.REOPEN: workflow.reopen}
MANY = (Verb.APPROVE, Verb.RETURN)
# More than a person looks through before they press the button.
MANY_LIMIT = 1000
NOTE_LENGTH = Transition._meta.get_field("note").max_length


class DecisionForm(forms.Form):
    """A decision on the version that was on screen, with its reason."""

    version = forms.IntegerField(min_value=1)
    note = LongText(
        label=gettext_lazy("reason"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "aria-describedby": "note-errors"}),
    )


class ManyForm(forms.Form):
    """A decision on the records that were listed, each as “number:version”, with its reason."""

    chosen = forms.RegexField(r"^[0-9]{1,18}:[0-9]{1,9}(,[0-9]{1,18}:[0-9]{1,9})*$", widget=forms.HiddenInput)
    note = LongText(
        label=gettext_lazy("reason"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def versions(self) -> dict[int, int]:
        """Return the version that was looked at, by record number. Raises: BadRequest for too many."""
        pairs = [pair.split(":") for pair in self.cleaned_data["chosen"].split(",")]
        if len(pairs) > MANY_LIMIT:
            raise BadRequest
        return {int(number): int(version) for number, version in pairs}


def page(
    site: ActivityRecordAdmin, request: HttpRequest, record: ActivityRecord, form: DecisionForm | None = None
) -> TemplateResponse:
    """Return the page of one record: what was entered, its rounds, and the decisions that are open."""
    actor = actor_of(request)
    is_reviewer = scope.may(actor, scope.REVIEW, record.unit)
    queue = narrowed(site, request) if is_reviewer else ActivityRecord.objects.none()
    context = {
        **site.admin_site.each_context(request),
        "title": str(record),
        "subtitle": None,
        "opts": site.opts,
        "record": record,
        "numbers": numbers_of(record),
        "steps": steps_of(record),
        "decisions": [verb.value for verb in decisions_for(record, actor)],
        "is_own": is_reviewer and is_own(record, actor),
        "is_reviewer": is_reviewer,
        "form": form or DecisionForm(initial={"version": record.version}),
        "next": following(queue, record) if is_reviewer and record.submitted_at else None,
        "n_left": queue.count(),
        "filters": request.GET.urlencode(),
        "list_url": _back(request),
    }
    return TemplateResponse(request, "admin/records/activityrecord/detail.html", context)


def decide(site: ActivityRecordAdmin, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Take one decision by its verb, then go on to what waits next."""
    decision = _verb(verb, SINGLE)
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    record = scope.get_or_404(site.get_queryset(request), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return page(site, request, record, form)
    # The verb claims this version and no other, so nobody decides on what they have not seen.
    record.version = form.cleaned_data["version"]
    try:
        SINGLE[decision](record, actor=actor_of(request), note=form.cleaned_data["note"])
    except RuleError as error:
        return _refused(site, request, pk, form, error)
    return _go_on(site, request, record, decision)


def confirm(
    site: ActivityRecordAdmin,
    request: HttpRequest,
    chosen: QuerySet[Any],
    verb: Verb,
    form: ManyForm | None = None,
) -> TemplateResponse:
    """List those of the chosen records that the person may decide on, and ask."""
    mine = queue_of(actor_of(request)).filter(pk__in=chosen.order_by().values("pk"))
    n_chosen, records = chosen.count(), list(mine.with_names()[:MANY_LIMIT])
    pairs = ",".join(f"{record.pk}:{record.version}" for record in records)
    context = {
        **site.admin_site.each_context(request),
        "title": _("Approve records") if verb is Verb.APPROVE else _("Return records"),
        "subtitle": None,
        "opts": site.opts,
        "verb": verb.value,
        "records": records,
        "n_left_out": n_chosen - len(records),
        "form": form or ManyForm(initial={"chosen": pairs}),
        "needs_reason": verb in NEEDS_REASON,
        "filters": request.GET.urlencode(),
        "list_url": _list_url(request.GET),
    }
    return TemplateResponse(request, "admin/records/activityrecord/confirm.html", context)


def decide_many(site: ActivityRecordAdmin, request: HttpRequest, verb: str) -> HttpResponse:
    """Take one decision on many records; those that moved on or lie out of reach are left as they are."""
    decision = _verb(verb, MANY)
    if not site.has_review_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = ManyForm(request.POST)
    form.is_valid()
    if "chosen" in form.errors:
        raise BadRequest
    versions, actor = form.versions(), actor_of(request)
    if form.is_valid():
        try:
            outcome = _decide_all(decision, versions, actor, form.cleaned_data["note"])
        except RuleError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            site.message_user(request, _said(decision, outcome), messages.SUCCESS)
            return redirect(_list_url(request.GET))
    return confirm(site, request, site.get_queryset(request).filter(pk__in=versions), decision, form)


def narrowed(site: ActivityRecordAdmin, request: HttpRequest) -> RecordQuerySet:
    """Return the queue as far as the list was filtered when the reviewer left it; all of it otherwise."""
    asked = copy.copy(request)
    asked.GET = QueryDict(request.GET.get("_changelist_filters", ""))
    queue = queue_of(request.user)
    if not asked.GET or asked.GET.get("status", Status.SUBMITTED.value) != Status.SUBMITTED:
        return queue
    try:
        rows = site.get_export_queryset(asked)
    except IncorrectLookupParameters:
        return queue
    return queue.filter(pk__in=rows.order_by().values("pk"))


def _decide_all(verb: Verb, versions: dict[int, int], actor: Any, note: str) -> bulk.Outcome:
    """Call the set-wise verb."""
    if verb is Verb.APPROVE:
        return bulk.approve_many(versions, actor=actor, versions=versions)
    return bulk.send_back_many(versions, actor=actor, note=note, versions=versions)


def _refused(
    site: ActivityRecordAdmin, request: HttpRequest, pk: int, form: DecisionForm, error: RuleError
) -> HttpResponse:
    """Say why nothing was changed, at the field where it belongs to one; the typed reason stays."""
    if error.code == "not_yours":
        raise PermissionDenied
    record = scope.get_or_404(site.get_queryset(request), pk=pk)
    if error.field:
        form.add_error(error.field, str(error.message))
    else:
        site.message_user(request, str(error.message), messages.ERROR)
        form = DecisionForm(initial={"version": record.version, "note": form.cleaned_data["note"]})
    return page(site, request, record, form)


def _go_on(
    site: ActivityRecordAdmin, request: HttpRequest, record: ActivityRecord, verb: Verb
) -> HttpResponse:
    """Say what was done and lead to the next record in the queue, at its end to the quiet list."""
    queue = narrowed(site, request)
    said = {
        Verb.APPROVE: _("“%(record)s” is approved."),
        Verb.RETURN: _("“%(record)s” is returned to its unit."),
        Verb.REOPEN: _("“%(record)s” is reopened and counts no more."),
        Verb.ENDORSE: _("“%(record)s” is endorsed and waits for a colleague's second review."),
    }[Verb.ENDORSE if verb is Verb.APPROVE and record.state is Status.SUBMITTED else verb]
    said %= {"record": record}
    if verb is Verb.REOPEN:
        site.message_user(request, said, messages.SUCCESS)
        return redirect(
            _with_filters(request, reverse("admin:records_activityrecord_change", args=[record.pk]))
        )
    upcoming, n_left = following(queue, record), queue.count()
    if upcoming is None:
        site.message_user(request, said, messages.SUCCESS)
        return redirect(_back(request))
    left = ngettext("%(count)d left.", "%(count)d left.", n_left) % {"count": n_left}
    site.message_user(request, f"{said} {left}", messages.SUCCESS)
    return redirect(
        _with_filters(request, reverse("admin:records_activityrecord_change", args=[upcoming.pk]))
    )


def _said(verb: Verb, outcome: bulk.Outcome) -> str:
    """Return how a bulk decision went."""
    done = {
        Verb.APPROVE: ngettext("%(count)d record approved.", "%(count)d records approved.", outcome.n_done),
        Verb.RETURN: ngettext("%(count)d record returned.", "%(count)d records returned.", outcome.n_done),
    }[verb] % {"count": outcome.n_done}
    if outcome.n_endorsed:
        done += " " + ngettext(
            "%(count)d of them is endorsed and waits for a second review.",
            "%(count)d of them are endorsed and wait for a second review.",
            outcome.n_endorsed,
        ) % {"count": outcome.n_endorsed}
    if not outcome.n_left:
        return done
    left = ngettext(
        "%(count)d was left as it is, because it was decided or changed meanwhile.",
        "%(count)d were left as they are, because they were decided or changed meanwhile.",
        outcome.n_left,
    )
    return f"{done} {left % {'count': outcome.n_left}}"


def _verb(name: str, allowed: Any) -> Verb:
    """Return the verb of an address. Raises: Http404 for any other word."""
    if name not in {verb.value for verb in allowed}:
        raise Http404
    return Verb(name)


def _with_filters(request: HttpRequest, url: str) -> str:
    """Return an address that remembers how the list was filtered."""
    preserved = QueryDict(mutable=True)
    if "_changelist_filters" in request.GET:
        preserved["_changelist_filters"] = request.GET["_changelist_filters"]
    return f"{url}?{preserved.urlencode()}" if preserved else url


def _back(request: HttpRequest) -> str:
    """Return the address of the list as it was when the reviewer left it."""
    return _list_url(QueryDict(request.GET.get("_changelist_filters", "")))


def _list_url(filters: QueryDict) -> str:
    """Return the address of the list under these filters."""
    url = reverse("admin:records_activityrecord_changelist")
    return f"{url}?{filters.urlencode()}" if filters else url
