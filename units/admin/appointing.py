"""The roles of one person in the admin: appointed to by a colleague, dismissed from likewise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from units import accounts, entitlements
from units.admin.account_pages import SearchBox, changeable, page
from units.models import Account, Unit
from units.roles import ROLES
from units.rules import RuleError
from units.scoped_admin import actor_of


class RoleForm(forms.Form):
    """A role, and the unit at which it is held where it is one of units."""

    role = forms.ChoiceField(
        label=gettext_lazy("role"), choices=[(role.code, role.label) for role in ROLES.values()]
    )
    unit = forms.ModelChoiceField(
        label=gettext_lazy("unit"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=gettext_lazy("The role covers the unit and everything below it."),
    )

    def __init__(
        self, *args: Any, units: models.QuerySet[Unit], site: admin.AdminSite, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["unit"].widget = SearchBox(Account._meta.get_field("unit"), site)
        self.fields["unit"].widget.choices = self.fields["unit"].choices  # type: ignore[attr-defined]


def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one person may do and appoint them to another role."""
    account = changeable(request, pk)
    units = admin.site.get_model_admin(Unit).get_queryset(request)
    form = RoleForm(request.POST or None, units=units, site=admin.site)
    if request.method == "POST" and form.is_valid():
        role = ROLES[form.cleaned_data["role"]]
        try:
            accounts.appoint(account, role, actor=actor_of(request), unit=form.cleaned_data["unit"])
        except RuleError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            note = _("%(person)s now holds the role of %(role)s.")
            messages.success(request, note % {"person": account, "role": role.label})
            return redirect("admin:units_account_roles", pk)
    media = admin.site.get_model_admin(Account).media + form.media
    context = {"form": form, "account": account, "entitled": entitlements.of(account), "media": media}
    title = _("Roles of %(person)s") % {"person": account}
    return page(request, "admin/units/account/roles.html", title, context)


@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one role back; a number that the person does not hold changes nothing."""
    account = changeable(request, pk)
    if request.method != "POST":
        return redirect("admin:units_account_roles", pk)
    asked = (request.POST.get("role"), request.POST.get("unit") or "")
    for one in accounts.held(account):
        if asked != (one.role.code, str(one.unit.pk) if one.unit else ""):
            continue
        try:
            accounts.dismiss(account, one.role, actor=actor_of(request), unit=one.unit)
        except RuleError as error:
            messages.error(request, str(error.message))
    return redirect("admin:units_account_roles", pk)
