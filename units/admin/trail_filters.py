"""The filters beside the audit trail: the auditor types what to look for."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from units.models import (
    Account,
    AuditEntry,
    AuditSeal,
    Unit,
    UnitGroupObjectPermission,
    UnitUserObjectPermission,
)
from units.querysets import subtree

OUR_ROOMS = ("units.", "reports.")
NOWHERE = Q(pk__in=())
NEVER_OBJECTS = (AuditEntry, AuditSeal, UnitUserObjectPermission, UnitGroupObjectPermission)


class TypedFilter(admin.SimpleListFilter):
    """A filter with a box to type into; a value that fits nothing shows nothing."""

    template = "admin/units/auditentry/_typed_filter.html"
    kind = "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        # Django drops a filter without any.
        return [("", self.title)]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield what is typed now."""
        yield {"kind": self.kind, "name": self.parameter_name, "typed": self.value() or ""}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        typed = (self.value() or "").strip()
        return queryset.filter(self.condition(typed)) if typed else queryset

    def condition(self, typed: str) -> Q:
        """Return which rows fit."""
        raise NotImplementedError


class PersonFilter(TypedFilter):
    """The person, by sign-in name or by name, today's or the one at that time."""

    title, parameter_name = _("person"), "person"

    def condition(self, typed: str) -> Q:
        named = Account.objects.filter(Q(username__iexact=typed) | Q(name=typed))
        found = list(named.values_list("pk", flat=True)[:50])
        return Q(actor__in=found) if found else Q(actor_name=typed)


class UnitFilter(TypedFilter):
    """The unit and all below it, by code or by its whole name."""

    title, parameter_name = _("unit and all below, by code or name"), "below"

    def condition(self, typed: str) -> Q:
        condition = NOWHERE
        for unit in Unit.objects.filter(Q(code=typed) | Q(name=typed))[:20]:
            condition |= subtree(unit.path, "unit__path")
        return condition


class ObjectFilter(admin.SimpleListFilter):
    """The kind of object."""

    title, parameter_name = _("kind of object"), "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        ours = [model for model in apps.get_models() if model.__module__.startswith(OUR_ROOMS)]
        # Rows of the trail name units and people for what happens to their permissions, never a grant.
        left_out = {model._meta.label_lower for model in NEVER_OBJECTS}
        kinds = [(model._meta.label_lower, model._meta.verbose_name) for model in ours]
        return sorted((kind for kind in kinds if kind[0] not in left_out), key=lambda kind: str(kind[1]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class DayFilter(TypedFilter):
    """A day where the portal stands."""

    kind = "date"

    def condition(self, typed: str) -> Q:
        try:
            day = dt.date.fromisoformat(typed)
            return self.bound(timezone.make_aware(dt.datetime.combine(day, dt.time())))
        except (ValueError, OverflowError):
            return NOWHERE

    def bound(self, midnight: dt.datetime) -> Q:
        """Return the condition that the day's first moment bounds."""
        raise NotImplementedError


class SinceFilter(DayFilter):
    """The first day."""

    title, parameter_name = _("first day"), "since"

    def bound(self, midnight: dt.datetime) -> Q:
        return Q(at__gte=midnight)


class UntilFilter(DayFilter):
    """The last day."""

    title, parameter_name = _("last day"), "until"

    def bound(self, midnight: dt.datetime) -> Q:
        return Q(at__lt=midnight + dt.timedelta(days=1))


class AddressFilter(TypedFilter):
    """The address that the deed came from."""

    title, parameter_name = _("address"), "from"

    def condition(self, typed: str) -> Q:
        try:
            return Q(address=str(ipaddress.ip_address(typed)))
        except ValueError:
            return NOWHERE
