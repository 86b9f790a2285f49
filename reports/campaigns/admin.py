"""What is asked and when it is due, in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models import ActivityType, Campaign, Indicator, Period
from units.scoped_admin import ReadOnlyModelAdmin, ScopedInline, ScopedModelAdmin


@admin.register(Campaign)
class CampaignAdmin(ScopedModelAdmin):
    """The campaigns; how one cuts its time is fixed once it is stored, because periods are numbered by it."""

    list_display = ("name", "code", "starts_on", "ends_on", "due_weekday", "due_time")
    search_fields = ("name", "code")
    sortable_by = ("name", "starts_on", "ends_on")
    fieldsets = (
        (None, {"fields": ("name", "code")}),
        (_("Time"), {"fields": ("starts_on", "ends_on", "time_zone", "first_weekday")}),
        (_("Deadline"), {"fields": ("due_weekday", "due_time", "n_grace_days")}),
        (_("Weekly digest"), {"fields": ("digest_weekday", "digest_time")}),
    )
    fixed = ("code", "starts_on", "ends_on", "time_zone", "first_weekday")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.fixed


@admin.register(Period)
class PeriodAdmin(ReadOnlyModelAdmin):
    """The periods; the clock makes them."""

    list_display = ("campaign", "label", "starts_on", "ends_on", "due_at", "close_at")
    list_display_links = ("label",)
    list_filter = ("campaign",)
    list_select_related = ("campaign",)
    sortable_by = ("starts_on", "due_at")
    ordering = ("campaign", "-number")
    search_fields = ("=number",)
    has_history = False

    @admin.display(description=_("period"))
    def label(self, period: Period) -> str:
        """Return what the period is called."""
        return str(period)


class IndicatorInline(ScopedInline):
    """The numbers that a type asks for; a code stays what it is, and what is asked no more is retired."""

    model = Indicator
    fields = (
        "code",
        "name",
        "unit_of_measure",
        "decimals",
        "is_required",
        "minimum",
        "maximum",
        "position",
        "is_retired",
    )

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)

        class StoredFixed(formset.form):  # type: ignore[name-defined, misc]
            """The form of one row; code and decimals of a stored one are shown and no longer taken."""

            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                for name in ("code", "decimals") if self.instance.pk else ():
                    if name in self.fields:
                        self.fields[name].disabled = True

        formset.form = StoredFixed
        return formset


@admin.register(ActivityType)
class ActivityTypeAdmin(ScopedModelAdmin):
    """The types of a campaign, each with its numbers."""

    list_display = ("name", "campaign", "code", "is_required", "n_minutes", "position", "is_retired")
    list_filter = ("campaign", "is_retired")
    list_select_related = ("campaign",)
    search_fields = ("name", "code")
    sortable_by = ("name", "position")
    fields = ("campaign", "code", "name", "guidance", "is_required", "n_minutes", "position", "is_retired")
    inlines = (IndicatorInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("campaign", "code")
