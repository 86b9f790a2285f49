"""Teams in the admin, with their members and the units that they cover."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from units import teams
from units.models import Team, TeamMember, TeamUnit
from units.scoped_admin import ScopedInline, ScopedModelAdmin, actor_of


class TeamInline(ScopedInline):
    """Rows that come and go with whoever may change the team; none is rewritten."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("units.change_team")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("units.change_team")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("units.view_team")


class MemberInline(TeamInline):
    """The people of a team."""

    model = TeamMember
    fields = ("name", "role", "account")
    autocomplete_fields = ("account",)


class CoverageInline(TeamInline):
    """The units that a team covers."""

    model = TeamUnit
    fields = ("unit",)
    autocomplete_fields = ("unit",)


@admin.register(Team)
class TeamAdmin(ScopedModelAdmin):
    """The teams; members and coverage change what people see from their next request on."""

    list_display = ("name", "kind", "n_members", "n_units", "starts_on", "ends_on")
    list_filter = ("kind",)
    search_fields = ("name",)
    sortable_by = ("name", "kind", "starts_on", "ends_on")
    # Said here as well: a query that counts forgets the model's own order, and the search box needs one.
    ordering = ("kind", "name")
    fields = ("name", "kind", "starts_on", "ends_on")
    inlines = (MemberInline, CoverageInline)

    def scoped(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        counted: models.QuerySet[Any] = rows.annotate(
            n_members=Count("members", distinct=True), n_units=Count("coverage", distinct=True)
        )
        return counted

    def enter(self, row: Team, request: HttpRequest) -> None:
        teams.form(row, actor=actor_of(request))

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm[Any],
        formset: BaseInlineFormSet[Any, Any, Any],
        change: bool,
    ) -> None:
        """Let members in and out, coverage likewise, each by its verb."""
        formset.save(commit=False)
        actor = actor_of(request)
        for row in formset.deleted_objects:
            if isinstance(row, TeamMember):
                teams.release(row, actor=actor)
            else:
                teams.uncover(row, actor=actor)
        for row in formset.new_objects:
            if isinstance(row, TeamMember):
                teams.enlist(row, actor=actor)
            else:
                teams.cover(row.team, [row.unit], actor=actor)

    @admin.display(description=_("members"))
    def n_members(self, team: Any) -> int:
        """Return how many people the team has."""
        return int(team.n_members)

    @admin.display(description=_("covered units"))
    def n_units(self, team: Any) -> int:
        """Return how many units the team covers."""
        return int(team.n_units)
