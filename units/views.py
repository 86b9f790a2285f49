"""The tree of units and the page of one unit."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from units import browsing, scope
from units.models import Unit
from units.querysets import UnitQuerySet
from units.signed_in import person
from units.texts import tidy_line


@require_GET
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show the tree from the topmost units that the person may see, or what a search finds among them."""
    user = person(request)
    if not scope.held(user):
        raise PermissionDenied
    words = tidy_line(request.GET.get("q", ""))[: browsing.LONGEST_WORDS]
    after = request.GET.get("after", "")
    if words:
        return _found(request, words, after)
    shelf = browsing.shelf(scope.topmost(user, *scope.READ), after)
    # A tree with one root begins below it; nobody looks for the bureau.
    is_single = len(shelf.units) == 1 and not after
    below = browsing.shelf(_children(shelf.units[0]), "") if is_single else None
    context = {"shelf": shelf, "below": below, "today": timezone.localdate(), "words": ""}
    return render(request, "units/list.html", context)


@require_GET
def unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one unit: its facts and heads, where it stands, what is below it, who looks at it."""
    far = scope.reach(person(request), *scope.READ)
    seen = Unit.objects.filter(far.condition("path")).select_related("kind", "merged_into")
    unit = scope.get_or_404(seen, pk=pk)
    context = {
        "unit": unit,
        "above": browsing.visible_above([unit], far)[unit.pk],
        "shelf": browsing.shelf(_children(unit), request.GET.get("after", "")),
        "covering": browsing.covering(unit),
        "sees_successor": unit.merged_into is not None and far.covers(unit.merged_into.path),
        "may_manage": request.user.is_staff and request.user.has_perm("units.change_unit"),
        "today": timezone.localdate(),
    }
    return render(request, "units/detail.html", context)


@require_GET
def unit_children(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the units directly below one, as the part of the tree that is fetched when it is opened."""
    unit = scope.get_or_404(scope.units(person(request), *scope.READ), pk=pk)
    shelf = browsing.shelf(_children(unit), request.GET.get("after", ""))
    context = {"shelf": shelf, "parent": unit, "today": timezone.localdate()}
    return render(request, "units/_branch.html", context)


def _children(unit: Unit) -> UnitQuerySet:
    """Return the units directly below one that the person has been found to see."""
    return Unit.objects.filter(parent=unit)


def _found(request: HttpRequest, words: str, after: str) -> HttpResponse:
    """Show what a search finds within the person's reach, each unit with what it stands under."""
    far = scope.reach(person(request), *scope.READ)
    shelf = browsing.shelf(Unit.objects.filter(far.condition("path")).matching(words), after)
    above = browsing.visible_above(shelf.units, far)
    lines = [(unit, above[unit.pk]) for unit in shelf.units]
    context = {"shelf": shelf, "lines": lines, "words": words, "today": timezone.localdate()}
    return render(request, "units/found.html", context)
