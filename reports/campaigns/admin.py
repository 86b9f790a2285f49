"""What is asked and when it is due, in the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.campaigns.amending import amend
from reports.campaigns.calendar_admin import CalendarYearAdmin
from reports.campaigns.copying import begin_with_types
from reports.campaigns.models import ActivityType, Campaign, Indicator, Period, PlannedPeriod
from reports.campaigns.models.planned_period import OVERLAP
from reports.campaigns.periods import Cadence
from reports.campaigns.taking_part import cover
from reports.campaigns.type_forms import IndicatorForm, TypeForm
from reports.campaigns.type_pages import copy_page
from units.scoped_admin import NamedFormSet, ReadOnlyModelAdmin, ScopedInline, ScopedModelAdmin, actor_of

if TYPE_CHECKING:
    CampaignModelForm = forms.ModelForm[Campaign]
    PlannedModelForm = forms.ModelForm[PlannedPeriod]
else:
    CampaignModelForm = PlannedModelForm = forms.ModelForm


class PlannedPeriodForm(PlannedModelForm):
    """One planned period; one that has begun is the Period's business."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance
        if stored.pk and stored.is_open_on(stored.campaign.today(timezone.now())):
            for field in self.fields.values():
                field.disabled = True


class CampaignForm(CampaignModelForm):
    """A campaign; a new one may begin with types."""

    begins_with_types = forms.BooleanField(
        label=_("begin with the usual types of activity"),
        help_text=_(
            "Thirteen, from the study class to the reader; each can be changed or retired afterwards."
        ),
        required=False,
        initial=True,
    )


class PlannedPeriods(NamedFormSet):
    """The planned periods of a campaign, of which no two share a day."""

    def clean(self) -> None:
        """Say at the later one where two of the rows on the page overlap."""
        super().clean()
        known: list[PlannedPeriod] = []
        for form in self.forms:
            one = form.instance
            if not form.is_valid() or not one.starts_on or not one.ends_on:
                continue
            if any(one.overlaps(other) for other in known):
                form.add_error("starts_on", OVERLAP)
            known.append(one)


class PlannedPeriodInline(ScopedInline):
    """The dates of a campaign without a rule; what has begun is fixed."""

    model = PlannedPeriod
    formset = PlannedPeriods
    form = PlannedPeriodForm


@admin.register(Campaign)
class CampaignAdmin(ScopedModelAdmin):
    """The campaigns; a changed rule counts from the next period on, and what has opened stays."""

    list_display = ("name", "code", "starts_on", "ends_on", "due_weekday", "due_time")
    search_fields = ("name", "code")
    sortable_by = ("name", "starts_on", "ends_on")
    fieldsets = (
        (None, {"fields": ("name", "code")}),
        (_("Time"), {"fields": ("starts_on", "ends_on", "time_zone")}),
        (
            _("Periods"),
            {
                "fields": ("cadence", "first_weekday", "due_weekday", "due_time", "n_grace_days"),
                "description": _(
                    "A change counts from the next period on; what has opened keeps its days and deadlines. "
                    "A deadline on a public holiday moves to the next working day."
                ),
            },
        ),
        (
            _("What units hand in"),
            {
                "fields": ("filing", "asks_signature", "n_return_days", "covered_kinds", "covered_units"),
                "description": _(
                    "With neither kinds nor units chosen, all units of a reporting kind take part."
                ),
            },
        ),
        (_("Reminder"), {"fields": ("n_reminder_days", "reminder_time")}),
        (_("Weekly digest"), {"fields": ("digest_weekday", "digest_time")}),
    )
    form = CampaignForm
    beginning = ((_("Activity types"), {"fields": ("begins_with_types",)}),)
    fixed = ("code", "starts_on", "time_zone")
    autocomplete_fields = ("covered_units",)
    inlines = (PlannedPeriodInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else self.fixed

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj is not None else (*self.fieldsets, *self.beginning)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj is not None and obj.cadence == Cadence.TYPED else ()

    def amend(self, row: Any, fields: Iterable[str], request: HttpRequest) -> None:
        amend(row, fields, actor=actor_of(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Store who takes part through its verb, then the planned periods."""
        given = form.cleaned_data
        chosen = {"kinds": given.get("covered_kinds", ()), "units": given.get("covered_units", ())}
        cover(form.instance, **chosen, actor=actor_of(request))
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and form.cleaned_data.get("begins_with_types"):
            begin_with_types(obj, actor=actor_of(request))


__all__ = ["CalendarYearAdmin"]


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
    """What a type asks for; a code stays what it is, and what is asked no more is retired."""

    model = Indicator
    form = IndicatorForm
    template = "admin/edit_inline/stacked.html"
    fieldsets = (
        (None, {"fields": (("name", "code"), ("kind", "unit_of_measure", "decimals"), "options")}),
        (None, {"fields": (("is_required", "is_shared", "is_retired"),)}),
        (
            _("Limits"),
            {"fields": (("minimum", "maximum"), ("soft_minimum", "soft_maximum"), "heads", "position")},
        ),
    )


@admin.register(ActivityType)
class ActivityTypeAdmin(ScopedModelAdmin):
    """The types of a campaign, each designed with its form beside it."""

    form = TypeForm
    list_display = ("name", "campaign", "code", "is_required", "n_minutes", "position", "is_retired")
    list_filter = ("campaign", "is_retired")
    list_select_related = ("campaign",)
    search_fields = ("name", "code")
    sortable_by = ("name", "position")
    fieldsets = (
        (None, {"fields": (("name", "code"), "campaign", "guidance", ("is_required", "n_minutes"))}),
        (
            _("What the form shows"),
            {"fields": (("shows_place", "shows_speaker", "shows_topic", "shows_tags"), "modes")},
        ),
        (
            _("Files and review"),
            {"fields": (("shows_attachments", "n_attachments"), "needs_second_review")},
        ),
        (_("Order"), {"fields": (("position", "is_retired"),)}),
    )
    inlines = (IndicatorInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("campaign", "code")

    def get_urls(self) -> list[URLPattern]:
        copy = path(
            "<int:pk>/copy/", self.admin_site.admin_view(self.copy_view), name="campaigns_activitytype_copy"
        )
        return [copy, *super().get_urls()]

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Copy a type into another campaign."""
        found = self.get_queryset(request).select_related("campaign").filter(pk=pk).first()
        return copy_page(self.admin_site, request, found)
