"""Inviting people in the admin: one by a form, many by a list; each gets a slip, shown this once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.admin.account_pages import SearchBox, page
from units.admin.importing import SHOWN_PROBLEMS, SHOWN_ROWS, short_name
from units.inviting import uploads
from units.inviting.carrying_out import invite
from units.inviting.plan import INVITED, make_plan
from units.inviting.slips import Slip
from units.inviting.table import HEADINGS, Line, Place
from units.inviting.template import XLSX, template
from units.models import Account, Unit
from units.rules import RuleError
from units.scoped_admin import actor_of
from units.text_fields import LineText
from units.workbooks.limits import MAX_BYTES
from units.workbooks.reading import SUFFIXES, WorkbookError, refusal


class InviteForm(forms.Form):
    """One person; the plan of a list with one row checks it."""

    name = LineText(label=gettext_lazy("name"), max_length=60)
    unit = forms.ModelChoiceField(label=gettext_lazy("unit"), queryset=Unit.objects.none())
    role = forms.ChoiceField(
        label=gettext_lazy("role"),
        required=False,
        choices=[
            ("", gettext_lazy("none yet")),
            *((code, role.label) for code, role in INVITED.items()),
        ],
        help_text=gettext_lazy("At the unit and below it. More roles can be given afterwards."),
    )
    phone = LineText(label=gettext_lazy("phone"), max_length=32, required=False)
    email = forms.EmailField(
        label=gettext_lazy("email address"),
        required=False,
        help_text=gettext_lazy("With an address a letter goes out as well, with a link to set a password."),
    )
    username = LineText(
        label=gettext_lazy("sign-in name"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("Empty: made from the name."),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = admin.site.get_model_admin(Unit).get_queryset(request)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].widget = SearchBox(Account._meta.get_field("unit"), admin.site)
        self.fields["unit"].widget.choices = self.fields["unit"].choices  # type: ignore[attr-defined]

    def line(self) -> Line:
        """Return the person as a list would say it."""
        texts = {field: self.cleaned_data[field] for field in HEADINGS if field != "unit"}
        return Line(Place(), texts | {"unit": self.cleaned_data["unit"].code})


class ListForm(forms.Form):
    """A list of people."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=gettext_lazy("A workbook (xlsx, xls, ods) or a csv file, up to 10 MiB."),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is taken into memory."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(refusal("too_large", file.name, "bytes").message)
        return file


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("slips")
def invite_one(request: HttpRequest) -> HttpResponse:
    """Open one account and show its slip."""
    actor = _inviter(request)
    form = InviteForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        line = form.line()
        for problem in make_plan([line], actor=actor, needs_role=False).problems:
            form.add_error(problem.field or None, problem.message)
        if form.is_valid():
            try:
                slips = invite([line], actor=actor, needs_role=False)
            except RuleError as error:
                form.add_error(None, str(error.message))
            else:
                return told(request, slips)
    media = admin.site.get_model_admin(Account).media + form.media
    return page(
        request, "admin/units/account/invite.html", _("Invite a person"), {"form": form, "media": media}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a list in and lead to its preview."""
    actor = _inviter(request)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = uploads.keep(short_name(file.name), file.read(), actor=actor)
        except (WorkbookError, RuleError) as error:
            form.add_error("file", str(error))
        else:
            return redirect("admin:units_account_import_preview", kept.key)
    return page(request, "admin/units/account/import.html", _("Invite many people"), {"form": form})


@require_GET
def preview(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show whom a list would invite; nothing is written."""
    actor = _inviter(request)
    try:
        kept = uploads.find(key, actor=actor)
        people = uploads.people_of(kept)
    except (WorkbookError, RuleError) as error:
        return _back(request, error)
    plan = make_plan(people.lines, actor=actor)
    problems = [
        (one.place, people.letters(one.place, one.field), one) for one in plan.problems[:SHOWN_PROBLEMS]
    ]
    context = {
        "upload": kept,
        "plan": plan,
        "people": plan.people[:SHOWN_ROWS],
        "n_more_people": max(len(plan.people) - SHOWN_ROWS, 0),
        "n_letters": sum(bool(one.account.email) for one in plan.people),
        "problems": problems,
        "n_more_problems": max(len(plan.problems) - SHOWN_PROBLEMS, 0),
    }
    return page(request, "admin/units/account/import_preview.html", _("Invite many people: preview"), context)


@require_POST
@sensitive_variables("slips")
def confirm(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Invite the people of a list, once, and show their slips."""
    actor = _inviter(request)
    try:
        slips = uploads.invite_upload(key, actor=actor)
    except RuleError as error:
        if error.code == "gone":
            return _back(request, error)
        messages.error(request, str(error.message))
        return redirect("admin:units_account_import_preview", key)
    except WorkbookError as error:
        return _back(request, error)
    return told(request, slips)


@require_GET
def empty_list(request: HttpRequest) -> HttpResponse:
    """Hand out the list to fill in."""
    _inviter(request)
    response = HttpResponse(template(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="people.xlsx"'
    return response


@sensitive_variables("slips")
def told(request: HttpRequest, slips: Sequence[Slip]) -> HttpResponse:
    """Return the page with the slips: for this one answer, in no store on the way and in none here."""
    context = {"slips": slips, "address": settings.BASE_URL, "title": _("First passwords")}
    response = TemplateResponse(request, "admin/units/account/slips.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


def _inviter(request: HttpRequest) -> Account:
    """Return the person, who has to hold the permission to open accounts. Raises: PermissionDenied."""
    if not admin.site.get_model_admin(Account).has_add_permission(request):
        raise PermissionDenied
    return actor_of(request)


def _back(request: HttpRequest, error: WorkbookError | RuleError) -> HttpResponse:
    """Say what was wrong on the page where a list is handed in."""
    messages.error(request, str(error))
    return redirect("admin:units_account_import")
