"""Accounts in the admin: opened with a password that is told once, appointed to roles by a colleague."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from units import accounts, scope
from units.models import Account, Unit
from units.roles import ROLES
from units.rules import RuleError
from units.scoped_admin import ScopedModelAdmin, actor_of, reach_of


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
        self.fields["unit"].widget = AutocompleteSelect(Account._meta.get_field("unit"), site)
        self.fields["unit"].widget.choices = self.fields["unit"].choices  # type: ignore[attr-defined]


class AccountList(ChangeList):
    """The list of accounts; fetches the roles of a page's people at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        people = list(self.result_list)
        roles = accounts.held_by(people)
        for account in people:
            account.roles_held = roles[account.pk]
        self.result_list = people


@admin.register(Account)
class AccountAdmin(ScopedModelAdmin):
    """The people who sign in; neither password nor grant is a field of the form."""

    change_form_template = "admin/units/account/change_form.html"
    list_display = ("username", "name", "unit", "role_names", "is_active", "last_login")
    list_filter = ("is_active", "is_staff")
    list_select_related = ("unit",)
    search_fields = ("username", "name", "unit__name")
    sortable_by = ("username", "name", "last_login")
    autocomplete_fields = ("unit",)
    fieldsets = (
        (None, {"fields": ("username", "name", "unit", "is_active")}),
        (gettext_lazy("Contact"), {"fields": ("email", "phone", "language", "wants_digest")}),
        (gettext_lazy("Roles"), {"fields": ("role_names", "is_staff", "last_login")}),
    )
    readonly_fields = ("role_names", "is_staff", "last_login")

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        return rows.filter(reach_of(request, scope.OVERSEE).condition("unit__path"))

    def unit_of(self, row: Account) -> Unit | None:
        return row.unit

    def get_fieldsets(self, request: HttpRequest, obj: Account | None = None) -> Any:
        return self.fieldsets[:2] if obj is None else self.fieldsets

    @sensitive_variables("password")
    def enter(self, row: Account, request: HttpRequest) -> None:
        accounts.open_account(row, accounts.random_password(), actor=actor_of(request))
        password = accounts.set_initial_password(row, actor=actor_of(request))
        row.first_password = password  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the first password, this once."""
        return self._told(request, obj, obj.first_password)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/roles/", wrap(self.roles_view), name="units_account_roles"),
            path("<int:pk>/dismiss/", wrap(self.dismiss_view), name="units_account_dismiss"),
            path("<int:pk>/password/", wrap(self.password_view), name="units_account_password"),
        ]
        return [*own, *super().get_urls()]

    def roles_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the roles of one person and appoint them to another."""
        account = self._changeable(request, pk)
        units = self.admin_site.get_model_admin(Unit).get_queryset(request)
        form = RoleForm(request.POST or None, units=units, site=self.admin_site)
        if request.method == "POST" and form.is_valid():
            role = ROLES[form.cleaned_data["role"]]
            try:
                accounts.appoint(account, role, actor=actor_of(request), unit=form.cleaned_data["unit"])
            except RuleError as error:
                form.add_error(error.field or None, str(error.message))
            else:
                note = _("%(person)s now holds the role of %(role)s.")
                self.message_user(request, note % {"person": account, "role": role.label}, messages.SUCCESS)
                return redirect("admin:units_account_roles", pk)
        context = self._context(request, account, _("Roles of %(person)s") % {"person": account})
        context |= {"form": form, "held": accounts.held(account), "media": self.media + form.media}
        return TemplateResponse(request, "admin/units/account/roles.html", context)

    def dismiss_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take one role back; a number that the person does not hold changes nothing."""
        account = self._changeable(request, pk)
        if request.method != "POST":
            return redirect("admin:units_account_roles", pk)
        asked = (request.POST.get("role"), request.POST.get("unit") or "")
        for one in accounts.held(account):
            if asked != (one.role.code, str(one.unit.pk) if one.unit else ""):
                continue
            try:
                accounts.dismiss(account, one.role, actor=actor_of(request), unit=one.unit)
            except RuleError as error:
                self.message_user(request, str(error.message), messages.ERROR)
        return redirect("admin:units_account_roles", pk)

    @sensitive_variables("password")
    def password_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a person who forgot theirs a new password, and show it this once."""
        account = self._changeable(request, pk)
        if request.method != "POST":
            return redirect("admin:units_account_change", pk)
        password = accounts.set_initial_password(account, actor=actor_of(request))
        return self._told(request, account, password)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return AccountList

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, account: Any) -> str:
        """Return the roles with their units, for a line of text."""
        roles = getattr(account, "roles_held", None)
        held = accounts.held(account) if roles is None else roles
        names = [f"{one.role.label} · {one.unit}" if one.unit else str(one.role.label) for one in held]
        return "\u3001".join(names) or "–"

    def _changeable(self, request: HttpRequest, pk: int) -> Account:
        """Return an account in reach. Raises: PermissionDenied, Http404."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        account: Account = scope.get_or_404(self.get_queryset(request), pk=pk)
        return account

    def _context(self, request: HttpRequest, account: Account, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": None,
            "account": account,
            "opts": self.opts,
        }

    @sensitive_variables("password")
    def _told(self, request: HttpRequest, account: Account, password: str) -> HttpResponse:
        context = self._context(request, account, _("The password of %(person)s") % {"person": account})
        response = TemplateResponse(
            request, "admin/units/account/password.html", context | {"password": password}
        )
        response["Cache-Control"] = "no-store"
        return response
