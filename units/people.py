"""The page "who may do what here" of one unit."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from units import entitlements, scope
from units.models import Account, Unit
from units.signed_in import person


@require_safe
def unit_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who may do what at a unit, to its head, its reviewers and the administrators.

    A unit out of sight is missing; who sees it and has no business with its people is refused.
    """
    user = person(request)
    unit = scope.get_or_404(scope.units(user, *scope.READ), pk=pk)
    if not may_see_people(user, unit):
        raise PermissionDenied
    context = {"unit": unit, "entitled": entitlements.at(unit)}
    return render(request, "units/people.html", context)


def may_see_people(user: Account, unit: Unit) -> bool:
    """Say whether the person may know who may do what at a unit that they see."""
    return scope.may(user, scope.SIGN, unit) or scope.may(user, scope.REVIEW, unit) or is_administrator(user)


def is_administrator(user: Account) -> bool:
    """Say whether the person looks after accounts."""
    return user.has_perm("units.view_account")
