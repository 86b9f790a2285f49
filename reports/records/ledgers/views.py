"""Pages of the ledger: take it, hand it in, look at what it would do, import it once."""

from __future__ import annotations

import uuid
from pathlib import PurePath

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports.campaigns.current import current
from reports.campaigns.models import Campaign
from reports.records.desk import Desk, desk_of
from reports.records.ledgers.errors_file import write_problems
from reports.records.ledgers.forms import LedgerForm, PasteForm
from reports.records.ledgers.handing_in import Ledger, Said, find, keep, ledger_of, plan_of
from reports.records.ledgers.importing import carry_out_upload
from reports.records.ledgers.pasting import sheet_of
from reports.records.ledgers.preview import preview_of, seen_in
from reports.records.ledgers.template import write_template
from reports.records.models import ActivityRecord
from reports.records.states import Status
from units import scope
from units.models import Upload
from units.rules import RuleError
from units.signed_in import person
from units.spreadsheets import Workbook
from units.workbooks.reading import WorkbookError, read

REFUSED = 422
CONFLICT = 409
EDITABLE = (Status.DRAFT.value, Status.RETURNED.value)
# After these the ledger is still there to be looked at again.
STAYS = frozenset({"problems", "stale"})


@require_http_methods(["GET", "POST"])
def ledger(request: HttpRequest) -> HttpResponse:
    """Offer the ledger to take away, and take a filled one in."""
    desk, campaign = _desk(request), _campaign(request)
    if request.method != "POST":
        return _page(request, desk, campaign)
    form = LedgerForm(request.POST, request.FILES, types=campaign.types.offered())
    if form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        said = Said(desk.unit, campaign, given["is_final"], given["kind"])
        try:
            sheets = read(file.read(), file.name)
        except WorkbookError as error:
            form.add_error("file", str(error))
        else:
            return _keep(request, Ledger(said, sheets), _short_name(file.name))
    return _page(request, desk, campaign, file_form=form)


@require_POST
def ledger_paste(request: HttpRequest) -> HttpResponse:
    """Take a block of cells in."""
    desk, campaign = _desk(request), _campaign(request)
    form = PasteForm(request.POST, types=campaign.types.offered())
    if form.is_valid():
        given = form.cleaned_data
        said = Said(desk.unit, campaign, given["is_final"], given["kind"], is_bare=True)
        try:
            sheet = sheet_of(given["block"])
        except RuleError as error:
            form.add_error("block", str(error))
        else:
            return _keep(request, Ledger(said, [sheet]), _("pasted cells"))
    return _page(request, desk, campaign, paste_form=form)


@require_GET
def ledger_template(request: HttpRequest) -> HttpResponse:
    """Hand out the unit's ledger: empty, or with the drafts and returned records that can still change."""
    desk, campaign = _desk(request), _campaign(request)
    records = ActivityRecord.objects.of_unit(desk.unit).of_campaign(campaign).order_by("held_on", "id")
    filled = records.filter(status__in=EDITABLE) if "filled" in request.GET else records.none()
    named = _("ledger of %(unit)s, %(campaign)s") % {"unit": desk.unit, "campaign": campaign}
    return _download(write_template(desk.unit, campaign, filled), named)


@require_GET
def ledger_preview(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what a ledger would do; nothing is written."""
    _check_reports(request)
    return _preview(request, key)


@require_POST
def ledger_confirm(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Import a ledger, once."""
    _check_reports(request)
    seen = seen_in(request.POST.get("seen", ""))
    try:
        plan = carry_out_upload(key, actor=person(request), seen=seen)
    except RuleError as refused:
        if refused.code in STAYS:
            return _preview(request, key, refused)
        messages.error(request, str(refused))
        return redirect("records:ledger")
    said = _("Imported: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.")
    messages.success(request, said % plan.counts())
    return redirect("records:record-list")


@require_GET
def ledger_problems(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Hand out the errors of a ledger."""
    _check_reports(request)
    user = person(request)
    try:
        plan = plan_of(ledger_of(find(key, actor=user), actor=user))
    except RuleError as refused:
        messages.error(request, str(refused))
        return redirect("records:ledger")
    return _download(write_problems(plan.problems), _("errors of the ledger"))


def _check_reports(request: HttpRequest) -> None:
    """Turn away who reports for no unit. Raises: PermissionDenied."""
    if scope.reach(person(request), scope.REPORT).is_empty:
        raise PermissionDenied


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


def _keep(request: HttpRequest, handed_in: Ledger, name: str) -> HttpResponse:
    """Store a ledger and lead to its preview."""
    return redirect("records:ledger-preview", keep(name, handed_in, actor=person(request)).key)


def _page(
    request: HttpRequest,
    desk: Desk,
    campaign: Campaign,
    *,
    file_form: LedgerForm | None = None,
    paste_form: PasteForm | None = None,
) -> HttpResponse:
    """Show the page with its two forms; one that was sent comes back with what is wrong."""
    types = campaign.types.offered()
    records = ActivityRecord.objects.of_unit(desk.unit).of_campaign(campaign)
    context = {
        "desk": desk,
        "campaign": campaign,
        "file_form": file_form or LedgerForm(types=types, auto_id="file_%s"),
        "paste_form": paste_form or PasteForm(types=types, auto_id="paste_%s"),
        "sent": file_form or paste_form,
        "n_editable": records.filter(status__in=EDITABLE).count(),
    }
    return render(
        request, "records/ledger/page.html", context, status=REFUSED if file_form or paste_form else 200
    )


def _preview(request: HttpRequest, key: uuid.UUID, refused: RuleError | None = None) -> HttpResponse:
    """Show the preview; with a refusal on top where the import was not possible."""
    user = person(request)
    try:
        upload: Upload = find(key, actor=user)
        handed_in = ledger_of(upload, actor=user)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("records:ledger")
    preview = preview_of(plan_of(handed_in), request.GET.get("show", ""), request.GET.get("page", ""))
    context = {"upload": upload, "said": handed_in.said, "preview": preview, "refused": refused}
    return render(request, "records/ledger/preview.html", context, status=CONFLICT if refused else 200)


def _download(content: bytes, name: str) -> HttpResponse:
    """Return a workbook to save."""
    response = HttpResponse(content, content_type=Workbook.CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    return response


def _short_name(name: str) -> str:
    """Return the name of a file without folders, with its ending, no longer than its column."""
    path = PurePath(name.replace("\\", "/"))
    return path.stem[: 190 - len(path.suffix)] + path.suffix[:10]
