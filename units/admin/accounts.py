"""Accounts in the admin: the list, one person's page, and the ways to everything else about an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy

from units import accounts, entitlements, scope
from units.admin import appointing, inviting, standing
from units.models import Account, Unit
from units.phones import masked
from units.scoped_admin import ScopedModelAdmin, actor_of, reach_of
from units.standing import unused
from units.texts import tidy_line

# A word that more units' names hold is no search for the people of one.
MOST_UNITS = 200
View = Callable[..., HttpResponse]


class UnusedFilter(admin.SimpleListFilter):
    """Those that nobody has used for 90 days."""

    title = gettext_lazy("use")
    parameter_name = "unused"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("unused for 90 days"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "yes":
            return queryset.filter(pk__in=unused(timezone.now()).values("pk"))
        return queryset


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
    """The people who sign in; neither password nor grant nor standing is a field of the form."""

    change_form_template = "admin/units/account/change_form.html"
    change_list_template = "admin/units/account/change_list.html"
    list_display = ("username", "name", "unit", "role_names", "masked_phone", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", UnusedFilter)
    list_select_related = ("unit",)
    search_fields = ("username", "name", "unit__name")
    search_help_text = gettext_lazy("Sign-in name, name, or the name or code of the unit")
    sortable_by = ("username", "name", "last_login")
    autocomplete_fields = ("unit",)
    fieldsets = (
        (None, {"fields": ("username", "name", "unit", "is_active")}),
        (gettext_lazy("Contact"), {"fields": ("email", "phone", "language", "wants_digest")}),
        (gettext_lazy("Use"), {"fields": ("is_staff", "last_login", "date_joined")}),
    )
    readonly_fields = ("is_active", "is_staff", "last_login", "date_joined")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Search by how a sign-in name begins, by parts of a name, and by the unit. Queries: one a word."""
        for word in tidy_line(search_term).split():
            units = list(
                Unit.objects.matching(word).in_tree_order().values_list("pk", flat=True)[:MOST_UNITS]
            )
            begins = models.Q(username__startswith=word) | models.Q(username__startswith=word.lower())
            queryset = queryset.filter(begins | models.Q(name__holds=word) | models.Q(unit__in=units))
        return queryset, False

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        return rows.filter(reach_of(request, scope.OVERSEE).condition("unit__path"))

    def unit_of(self, row: Account) -> Unit | None:
        return row.unit

    def amend(self, row: Account, fields: Iterable[str], request: HttpRequest) -> None:
        # Whoever writes the address may ask for a link to a new password.
        accounts.check_below(row, actor_of(request))
        super().amend(row, fields, request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Invite one person."""
        return inviting.invite_one(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what the person may do beside who they are."""
        account = self.get_object(request, object_id)
        entitled = entitlements.of(account) if account is not None else []
        extra = {"entitled": entitled, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, extra)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        pages: list[tuple[str, View, str]] = [
            ("import/", inviting.upload, "import"),
            ("import/template/", inviting.empty_list, "import_template"),
            ("import/<uuid:key>/", inviting.preview, "import_preview"),
            ("import/<uuid:key>/confirm/", inviting.confirm, "import_confirm"),
            ("<int:pk>/roles/", appointing.roles, "roles"),
            ("<int:pk>/dismiss/", appointing.dismiss, "dismiss"),
            ("<int:pk>/password/", standing.new_password, "password"),
            ("<int:pk>/disable/", standing.disable, "disable"),
            ("<int:pk>/enable/", standing.enable, "enable"),
            ("<int:pk>/hand-over/", standing.hand_over, "hand_over"),
        ]
        own = [path(route, wrap(view), name=f"units_account_{name}") for route, view, name in pages]
        return [*own, *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return AccountList

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, account: Any) -> str:
        """Return the roles with their units, for a line of text."""
        names = [
            f"{one.role.label} · {one.unit}" if one.unit else str(one.role.label)
            for one in account.roles_held
        ]
        return "\u3001".join(names) or "–"

    @admin.display(description=gettext_lazy("phone"))
    def masked_phone(self, account: Account) -> str:
        """Return the phone as lists show it."""
        return masked(account.phone) or "–"
