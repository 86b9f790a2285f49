"""By what the reviewers' list of reports is narrowed down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.campaigns.current import current
from reports.campaigns.models import Period
from reports.weekly.models import Standing
from units import scope
from units.models import UnitKind
from units.scoped_admin import reach_of

WAITING, ASKING, UNSIGNED, ALL = "waiting", "asking", "unsigned", "all"


class StandsFilter(admin.SimpleListFilter):
    """The reviewer's queue, the requests for more time, or any standing; a reviewer begins with the queue."""

    title = _("standing")
    parameter_name = "stands"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        is_reviewer = not reach_of(request, scope.REVIEW).is_empty
        self.first = WAITING if is_reviewer else ALL
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            (WAITING, _("waits for review")),
            (ASKING, _("asks for more time")),
            (UNSIGNED, _("waits for signature")),
            *Standing.choices,
            (ALL, _("All")),
        ]

    def value(self) -> str:
        """Return what was asked for, else where the person begins."""
        asked = super().value()
        return asked if asked in {str(code) for code, _label in self.lookup_choices} else self.first

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the choices without Django's own “All”, which would lead back to the queue."""
        for code, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: code}, ["p"])
            yield {"selected": self.value() == code, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = self.value()
        if asked == WAITING:
            return queryset.waiting_for(request.user)
        if asked == ASKING:
            return queryset.asking()
        if asked == UNSIGNED:
            return queryset.to_sign()
        return queryset if asked == ALL else queryset.standing(Standing(asked), timezone.now())


class PeriodFilter(admin.SimpleListFilter):
    """The week of the campaign on screen, the latest first."""

    title = _("week")
    parameter_name = "week"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        weeks = Period.objects.weekly().filter(campaign=current(request), starts_on__lte=timezone.localdate())
        return [(str(week.pk), f"{week} · {week.starts_on:%m-%d}") for week in weeks.order_by("-number")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(period=self.value()) if self.value() in known else queryset


class KindFilter(admin.SimpleListFilter):
    """The kind of unit."""

    title = _("kind of unit")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(kind.pk), str(kind)) for kind in UnitKind.objects.filter(is_reporting=True)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(unit__kind=self.value()) if self.value() in known else queryset
