"""The import of units in the admin: hand a list in, look at what it would do, confirm once."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units import scope
from units.admin.reforms import offer_units
from units.importing import uploads
from units.importing.plan import Fate, Options, Plan, make_plan
from units.importing.table import Table
from units.importing.template import write_template
from units.models import Account, Unit, UnitKind
from units.rules import RuleError
from units.scoped_admin import actor_of, reach_of
from units.spreadsheets import Workbook
from units.workbooks.limits import MAX_BYTES, MEBIBYTE
from units.workbooks.reading import SUFFIXES, WorkbookError, refusal

PERMISSION = "units.import_unit"
SHOWN_ROWS = 100
SHOWN_PROBLEMS = 200


class ImportForm(forms.Form):
    """A list of units, with the parent and the kind of rows that do not say it themselves."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=gettext_lazy("A workbook (xlsx, xls, ods) or a csv file, up to 10 MiB."),
    )
    parent = forms.ModelChoiceField(
        label=gettext_lazy("parent"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=gettext_lazy("For rows without a parent of their own. Empty: new units stand at the top."),
    )
    kind = forms.ModelChoiceField(
        label=gettext_lazy("kind"),
        queryset=UnitKind.objects.all(),
        required=False,
        help_text=gettext_lazy(
            "For rows without a kind of their own. Empty for the ministry's list, which says it by its notes."
        ),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "parent", "parent", request)

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is taken into memory."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(refusal("too_large", file.name, "bytes").message)
        return file

    def options(self) -> Options:
        """Return what was chosen beside the file."""
        parent, kind = self.cleaned_data["parent"], self.cleaned_data["kind"]
        return Options(parent=parent.code if parent else "", kind=kind.code if kind else "")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a list in and lead to its preview."""
    actor = _importer(request)
    form = ImportForm(request.POST or None, request.FILES or None, request=request)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = uploads.keep(short_name(file.name), file.read(), form.options(), actor=actor)
        except (WorkbookError, RuleError) as error:
            form.add_error("file", str(error))
        else:
            return redirect("admin:units_unit_import_preview", kept.key)
    context = {"form": form, "media": form.media, "mebibytes": MAX_BYTES // MEBIBYTE}
    return _page(request, "admin/units/unit/import.html", _("Import units"), context)


@require_GET
def preview(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show what an uploaded list would do; nothing is written."""
    actor = _importer(request)
    try:
        kept = uploads.find(key, actor=actor)
        table = uploads.table_of(kept)
    except (WorkbookError, RuleError) as error:
        return _back(request, error)
    plan = make_plan(table, uploads.options_of(kept))
    context = {"upload": kept, "table": table, "plan": plan, **_shown(table, plan)}
    return _page(request, "admin/units/unit/import_preview.html", _("Import units: preview"), context)


@require_POST
def confirm(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Import an uploaded list, once."""
    actor = _importer(request)
    try:
        plan = uploads.carry_out_upload(key, actor=actor)
    except RuleError as error:
        if error.code in {"problems", "into_itself", "stale"}:
            messages.error(request, str(error.message))
            return redirect("admin:units_unit_import_preview", key)
        return _back(request, error)
    except WorkbookError as error:
        return _back(request, error)
    messages.success(request, _("Imported: %(counts)s.") % {"counts": plan.counts()})
    return redirect("admin:units_unit_changelist")


@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """Hand out an empty list to fill in: headings, notes, and the kinds to choose from."""
    _importer(request)
    response = HttpResponse(write_template(UnitKind.objects.all()), content_type=Workbook.CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, _("units to import") + ".xlsx")
    return response


def may_import(request: HttpRequest) -> bool:
    """Say whether the person may import: a list reaches any unit, so whoever hands it in must as well."""
    is_allowed = actor_of(request).has_perm(PERMISSION)
    return is_allowed and reach_of(request, scope.OVERSEE).is_everything


def _importer(request: HttpRequest) -> Account:
    """Return the person, who has to be allowed to import; being staff is not enough."""
    if not may_import(request):
        raise PermissionDenied
    return actor_of(request)


def _shown(table: Table, plan: Plan) -> dict[str, object]:
    """Return the counts and the part of the plan that fits on a page."""
    moving = [item for item in plan.items if item.fate is not Fate.UNCHANGED]
    return {
        "fates": [(fate.value, fate.label, plan.count(fate)) for fate in Fate],
        "rows": moving[:SHOWN_ROWS],
        "n_more_rows": max(len(moving) - SHOWN_ROWS, 0),
        "problems": [(table.place(problem), problem) for problem in plan.problems[:SHOWN_PROBLEMS]],
        "n_more_problems": max(len(plan.problems) - SHOWN_PROBLEMS, 0),
        "has_work": bool(moving),
    }


def _page(request: HttpRequest, template: str, title: str, context: dict[str, object]) -> HttpResponse:
    """Return a page of the admin."""
    frame = {**admin.site.each_context(request), "title": title, "subtitle": None, "opts": Unit._meta}
    return TemplateResponse(request, template, {**frame, **context})


def _back(request: HttpRequest, error: WorkbookError | RuleError) -> HttpResponse:
    """Say what was wrong on the page where a file is handed in."""
    messages.error(request, str(error))
    return redirect("admin:units_unit_import")


def short_name(name: str) -> str:
    """Return the name of a file without folders, with its ending, no longer than its column."""
    path = PurePath(name.replace("\\", "/"))
    return path.stem[: 190 - len(path.suffix)] + path.suffix[:10]
