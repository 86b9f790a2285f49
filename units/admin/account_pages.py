"""What the pages of one account share: who may change it, and the frame around it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from units import scope
from units.models import Account
from units.searching import RowSearch


class SearchBox(RowSearch):
    """A box to search a row in, which says so: an empty one would have no name for those who hear it."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> Any:
        return super().build_attrs(base_attrs, extra_attrs) | {
            "data-placeholder": _("Search by name or code")
        }


def in_reach(request: HttpRequest) -> QuerySet[Account]:
    """Return the accounts that the list shows to this person."""
    return admin.site.get_model_admin(Account).get_queryset(request)


def changeable(request: HttpRequest, pk: int) -> Account:
    """Return an account in reach. Raises: PermissionDenied without the role, Http404."""
    if not admin.site.get_model_admin(Account).has_change_permission(request):
        raise PermissionDenied
    return scope.get_or_404(in_reach(request), pk=pk)


def page(request: HttpRequest, template: str, title: str, context: dict[str, object]) -> HttpResponse:
    """Return a page of the admin about accounts."""
    frame = {**admin.site.each_context(request), "title": title, "subtitle": None, "opts": Account._meta}
    return TemplateResponse(request, template, {**frame, **context})
