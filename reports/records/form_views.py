"""Pages on which a record is written: choose a type, fill in, change.

What was typed and not sent comes back with the form, which also names what stands in other tabs.
"""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reports.campaigns.current import current
from reports.campaigns.designing import design_of
from reports.campaigns.models import Campaign
from reports.records import holding, keeping, writing
from reports.records.content import Content
from reports.records.desk import Desk, desk_of, examples, last_values, tiles
from reports.records.explaining import unexplained
from reports.records.form_files import folder_of, take_along
from reports.records.forms import RecordForm, build, initial_of, initial_of_new
from reports.records.joint_desk import joinable
from reports.records.models import ActivityRecord, WorkingCopy
from reports.records.numbers import numbers_of
from reports.records.reviewing import Step, steps_of
from reports.records.rounds import reason_in
from reports.records.sharing import fitting
from reports.records.sheets import Sheet, judge, write
from reports.records.states import Status
from units import scope
from units.models import Account
from units.rules import RuleError
from units.signed_in import person

# The answer to a form that was understood and refused, so that machines can tell it from success.
REFUSED = 422
CONFLICT = 409


@require_GET
def record_new(request: HttpRequest) -> HttpResponse:
    """Offer the types of activity to choose from, the unit's most used first."""
    desk, campaign = _desk(request), current(request)
    context = {
        "desk": desk,
        "campaign": campaign,
        "tiles": tiles(campaign, desk.unit) if campaign else [],
        "examples": examples(campaign, desk.unit) if campaign else [],
        "events": joinable(campaign, desk.unit) if campaign else [],
        "key": uuid.uuid4(),
    }
    return render(request, "records/new.html", context)


@require_http_methods(["GET", "POST"])
def record_create(request: HttpRequest, type_code: str) -> HttpResponse:
    """Show the form of a type, or write what was entered as a draft or straight to review."""
    desk, campaign = _desk(request), _campaign(request)
    kind = scope.get_or_404(campaign.types.offered().for_forms(), code=type_code)
    sheet = Sheet(kind, desk.unit, campaign.today(timezone.now()))
    form_class = build(design_of(kind))
    if request.method == "POST":
        return _receive(request, sheet, form_class(request.POST, request.FILES))
    sheet.unsent.extend(keeping.unsent_of(person(request), sheet.unit, kind, None))
    copy = _copy_to_open(request, sheet)
    if copy is not None and keeping.record_of(copy) is not None:
        return redirect("records:typed-open", copy.pk)
    if copy is not None:
        return _reopened(request, sheet, form_class, copy)
    example = _example(request, person(request))
    return _sheet(request, sheet, form_class(initial=initial_of_new(sheet.today, example)))


@require_http_methods(["GET", "POST"])
def record_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of a stored draft or returned record, or write it anew."""
    record = scope.get_or_404(ActivityRecord.objects.visible_to(request.user).with_names(), pk=pk)
    if not scope.may(request.user, scope.REPORT, record.unit):
        raise PermissionDenied
    kind = record.activity_type
    sheet = Sheet(kind, record.unit, record.period.campaign.today(timezone.now()), record)
    design = fitting(design_of(kind), record)
    form_class = build(design)
    if request.method == "POST":
        return _receive(request, sheet, form_class(request.POST, request.FILES))
    sheet.unsent.extend(keeping.unsent_of(person(request), record.unit, kind, record))
    copy = _copy_to_open(request, sheet)
    if copy is not None:
        return _reopened(request, sheet, form_class, copy)
    if not record.is_editable:
        return redirect("records:record-detail", pk)
    initial = initial_of(Content.of(record), key=record.key, version=record.version)
    form = form_class(initial=initial)
    is_due = "complete" in request.GET
    if is_due or record.doubts or record.reasons:
        _show_stored(sheet, form, Content.of(record), is_due=is_due)
    return _sheet(request, sheet, form)


def _desk(request: HttpRequest) -> Desk:
    """Return the person's desk. Raises: PermissionDenied where they report for no unit."""
    desk = desk_of(person(request), request.GET.get("unit", ""))
    if desk is None:
        raise PermissionDenied
    return desk


def _campaign(request: HttpRequest) -> Campaign:
    """Return the campaign on screen. Raises: Http404 where there is none."""
    campaign = current(request)
    if campaign is None:
        raise Http404
    return campaign


def _example(request: HttpRequest, user: Account) -> ActivityRecord | None:
    """Return the record to copy from, where the address names one. Raises: Http404 for a stranger's."""
    wanted = request.GET.get("copy", "")
    if not wanted:
        return None
    pk = int(wanted) if wanted.isdecimal() else 0
    return scope.get_or_404(ActivityRecord.objects.editable_by(user), pk=pk)


def _show_stored(sheet: Sheet, form: RecordForm, content: Content, *, is_due: bool) -> None:
    """Show the explanations of a stored record, and all that it lacks where it is to be handed in."""
    found = sheet.doubts(content, form.design)
    form.ask_reasons(found)
    if is_due:
        n_files = holding.n_counted(sheet.record) if sheet.record else 0
        lacks = sheet.lacks(content, form.design, is_final=True, n_files=n_files)
        form.show_gaps([*lacks, *unexplained(content, found)])


def _copy_to_open(request: HttpRequest, sheet: Sheet) -> WorkingCopy | None:
    """Return the unsent copy that the address names, else the latest unless something else was asked for."""
    wanted = request.GET.get("typed", "")
    named = [copy for copy in sheet.unsent if str(copy.pk) == wanted]
    if named:
        return named[0]
    asks_for_other = {"fresh", "copy", "complete"} & request.GET.keys()
    return sheet.unsent[0] if sheet.unsent and not asks_for_other else None


def _reopened(
    request: HttpRequest, sheet: Sheet, form_class: type[RecordForm], copy: WorkingCopy
) -> HttpResponse:
    """Show what was typed; where the record has moved on since, with what is stored now."""
    form, stored = form_class(initial=keeping.initial_of_copy(copy)), sheet.record
    read = form_class(keeping.posted_of(copy))
    read.is_valid()
    if read.is_readable:
        form.ask_reasons(sheet.doubts(read.content(), form.design))
    form.carry_reasons()
    if stored is None or (stored.is_editable and copy.version == stored.version):
        return _sheet(request, sheet, form, copy=copy)
    form.initial["version"] = stored.version
    return _sheet(request, sheet, form, copy=copy, stored=stored, stored_numbers=numbers_of(stored))


def _receive(request: HttpRequest, sheet: Sheet, form: RecordForm) -> HttpResponse:
    """Judge what was sent and write it; what was typed comes back with everything that is wrong."""
    is_final = request.POST.get("deed") == "submit"
    form.is_valid()
    if form.is_readable:
        form.refuse(take_along(request, folder_of(request, form.cleaned_data["key"], sheet.record)))
    # The verb judges a submission itself; asking twice would double the work of every good one.
    if form.errors or not is_final:
        _judge(request, sheet, form, is_final=is_final)
    if form.errors:
        return _sheet(request, sheet, form, status=REFUSED, kept=_keep(request))
    try:
        record = write(sheet, form, person(request), is_final=is_final)
    except RuleError as refused:
        return _refused(request, sheet, form, refused)
    keeping.forget_posted(request.POST, actor=person(request))
    messages.success(request, _said(record, is_final))
    return redirect("records:record-detail", record.pk)


def _judge(request: HttpRequest, sheet: Sheet, form: RecordForm, *, is_final: bool) -> None:
    """Show at its fields everything that is wrong or doubtful, as far as the form could be read."""
    if form.is_readable:
        folder = folder_of(request, form.cleaned_data["key"], sheet.record)
        judge(sheet, form, is_final=is_final, n_files=folder.n_files())


def _keep(request: HttpRequest) -> keeping.Kept | None:
    """Keep what was posted and refused, so that it survives a closed tab too."""
    return keeping.keep_posted(request.POST, actor=person(request))


def _refused(request: HttpRequest, sheet: Sheet, form: RecordForm, refused: RuleError) -> HttpResponse:
    """Show why the verb said no; where the record has moved on, with what is stored now."""
    if refused.code not in writing.CONFLICTS:
        _judge(request, sheet, form, is_final=request.POST.get("deed") == "submit")
        form.refuse([refused])
        return _sheet(request, sheet, form, status=REFUSED, kept=_keep(request))
    stored = ActivityRecord.objects.of_form(person(request), form.cleaned_data["key"], sheet.record)
    form.continue_from(stored)
    context = {"stored": stored, "stored_numbers": numbers_of(stored), "refused": refused}
    return _sheet(request, sheet, form, status=CONFLICT, kept=_keep(request), **context)


def _said(record: ActivityRecord, is_final: bool) -> str:
    """Return what the person is told."""
    if is_final and record.state is Status.SUBMITTED:
        return _("“%(record)s” has been handed in for review.") % {"record": record}
    return _("“%(record)s” has been saved.") % {"record": record}


def _reason(sheet: Sheet) -> Step | None:
    """Return the step that brought the record back, if it came back."""
    return reason_in(sheet.record, steps_of(sheet.record)) if sheet.record else None


def _sheet(
    request: HttpRequest, sheet: Sheet, form: RecordForm, *, status: int = 200, **more: object
) -> HttpResponse:
    """Show a form."""
    folder = folder_of(request, form["key"].value(), sheet.record)
    form.show_hints(last_values(sheet.unit, sheet.activity_type, but=sheet.record))
    return render(
        request,
        "records/form.html",
        {"sheet": sheet, "form": form, "reason": _reason(sheet), "folder": folder} | more,
        status=status,
    )
