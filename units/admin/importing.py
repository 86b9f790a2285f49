"""The import of units in the admin: hand a list in, look at what it would do, confirm once."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.importing import uploads
from units.importing.plan import Fate, Options, Plan, make_plan
from units.models import Account, Unit, UnitKind
from units.rules import RuleError
from units.scoped_admin import actor_of
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
        units = admin.site.get_model_admin(Unit).get_queryset(request)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]
        self.fields["parent"].widget = AutocompleteSelect(Unit._meta.get_field("parent"), admin.site)
        self.fields["parent"].widget.choices = self.fields["parent"].choices  # type: ignore[attr-defined]

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
    context = {"upload": kept, "table": table, "plan": plan, **_shown(plan)}
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


def _importer(request: HttpRequest) -> Account:
    """Return the person, who has to hold the permission to import; being staff is not enough."""
    actor = actor_of(request)
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied
    return actor


def _shown(plan: Plan) -> dict[str, object]:
    """Return the counts and the part of the plan that fits on a page."""
    moving = [item for item in plan.items if item.fate is not Fate.UNCHANGED]
    return {
        "fates": [(fate.value, fate.label, plan.count(fate)) for fate in Fate],
        "rows": moving[:SHOWN_ROWS],
        "n_more_rows": max(len(moving) - SHOWN_ROWS, 0),
        "problems": plan.problems[:SHOWN_PROBLEMS],
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
