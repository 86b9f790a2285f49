"""The administration's pages that merge one unit into another and split one off."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reports.reorganisation import merging
from reports.reorganisation.forms import MergeForm, SplitForm
from units import scope
from units.admin.reforms import Cleaned, Fact, Reform, changeable, reform_page
from units.models import Unit
from units.scoped_admin import actor_of, reach_of


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge a unit into another one."""
    unit = changeable(request, pk)
    form = MergeForm(request.POST or None, request=request, initial={"on": timezone.localdate()})

    def facts(cleaned: Cleaned) -> list[Fact]:
        would = merging.foresee(unit, cleaned["new"])
        return [
            Fact("to", _("merge into"), cleaned["new"]),
            Fact("on", _("closed on"), cleaned["on"].isoformat()),
            Fact("records", _("records that move"), would.n_records),
            Fact("reports", _("weekly reports that move"), would.n_reports),
            Fact("grants", _("roles and teams that move"), would.n_grants),
        ]

    def carry_out(cleaned: Cleaned) -> str:
        merged = merging.merge(unit, cleaned["new"], on=cleaned["on"], actor=actor_of(request))
        said = {"unit": unit, "new": cleaned["new"], "records": merged.n_records, "reports": merged.n_reports}
        message = _(
            "“%(unit)s” has been merged into “%(new)s”; %(records)d records and %(reports)d reports moved."
        )
        return message % said

    lead = _(
        "The unit closes and stays readable. Everything that was its own moves to the other one; "
        "a week for which both have filed keeps the report of each."
    )
    reform = Reform(_("Merge into another unit"), lead, _("Merge now"), carry_out, facts)
    return reform_page(request, unit, form, reform)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Split a new unit off an existing one, beside it."""
    unit = changeable(request, pk)
    _may_plant_beside(request, unit)
    form = SplitForm(
        request.POST or None, unit=unit, initial={"kind": unit.kind_id, "opened_on": timezone.localdate()}
    )

    def facts(cleaned: Cleaned) -> list[Fact]:
        return [
            Fact("new", _("new unit"), f"{cleaned['name']} · {cleaned['code']}"),
            Fact("parent", _("parent"), unit.parent or _("the top of the tree")),
            Fact("people", _("people who go with it"), len(cleaned["people"])),
            Fact("records", _("records that stay"), merging.count_records(unit)),
        ]

    def carry_out(cleaned: Cleaned) -> str:
        names = ("code", "name", "kind", "opened_on")
        new = Unit(**{name: cleaned[name] for name in names})
        merging.split(unit, new, cleaned["people"], actor=actor_of(request))
        return _("“%(new)s” has been split off “%(unit)s”.") % {"new": new, "unit": unit}

    lead = _("A new unit begins beside this one, with the people whom you choose. History stays here.")
    reform = Reform(_("Split"), lead, _("Split it off now"), carry_out, facts)
    return reform_page(request, unit, form, reform)


def _may_plant_beside(request: HttpRequest, unit: Unit) -> None:
    """Refuse where the new unit would stand outside the person's reach. Raises: PermissionDenied."""
    far = reach_of(request, scope.OVERSEE)
    beside = far.is_everything if unit.parent is None else far.covers(unit.parent.path)
    if not beside or not actor_of(request).has_perm("units.add_unit"):
        raise PermissionDenied
