"""The filters beside the review queue; each offers only what the campaign on screen knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.campaigns.current import current
from reports.campaigns.models import ActivityType, Campaign, Period
from reports.records.models import STATUS_CHOICES
from reports.records.states import Status
from units.models import UnitKind

ALL = "all"


class StatusFilter(admin.SimpleListFilter):
    """The status; without a choice, what waits for review."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        shown = [choice for choice in STATUS_CHOICES if choice[0] != Status.DRAFT]
        return [*((value, label) for value, label in shown), (ALL, _("all"))]

    def value(self) -> str:
        """Return the chosen status; an unknown one is the default."""
        asked = super().value()
        return asked if asked in dict(self.lookup_choices) else Status.SUBMITTED.value

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() == ALL else queryset.filter(status=self.value())

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the choices without Django's own “all”, because nothing chosen means waiting."""
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }


class CampaignFilter(admin.SimpleListFilter):
    """The campaign; offered where there are several."""

    title = _("campaign")
    parameter_name = "campaign"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        found = [(str(campaign.pk), campaign.name) for campaign in Campaign.objects.all()]
        return found if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return _chosen(self, queryset, "period__campaign")


class TypeFilter(admin.SimpleListFilter):
    """The type of activity."""

    title = _("activity type")
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        types = ActivityType.objects.filter(campaign=_campaign(request)).order_by("position", "id")
        return [(str(row.pk), row.name) for row in types]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return _chosen(self, queryset, "activity_type")


class WeekFilter(admin.SimpleListFilter):
    """The week, the latest first."""

    title = _("week")
    parameter_name = "week"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        weeks = Period.objects.weekly().filter(
            campaign=_campaign(request), starts_on__lte=timezone.localdate()
        )
        return [(str(week.pk), f"{week} · {week.starts_on:%m-%d}") for week in weeks.order_by("-number")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return _chosen(self, queryset, "period")


class KindFilter(admin.SimpleListFilter):
    """The kind of unit."""

    title = _("kind of unit")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(kind.pk), str(kind)) for kind in UnitKind.objects.filter(is_reporting=True)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return _chosen(self, queryset, "unit__kind")


FILTERS = (StatusFilter, CampaignFilter, TypeFilter, WeekFilter, KindFilter)


def _campaign(request: HttpRequest) -> Campaign | int | None:
    """Return the campaign that the list is narrowed to, else the one on screen."""
    asked = request.GET.get(CampaignFilter.parameter_name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else current(request)


def _chosen(choice: admin.SimpleListFilter, rows: Any, column: str) -> Any:
    """Keep the rows of the chosen number; what is not a number is no choice."""
    asked = choice.value() or ""
    return (
        rows.filter(**{column: int(asked)})
        if asked.isascii() and asked.isdigit() and len(asked) < 10
        else rows
    )
