"""The admin's pages that move, close and open a unit again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from units import lifecycle, scope, tree
from units.admin.reforms import Cleaned, Fact, Reform, changeable, day_input, offer_units, reform_page
from units.models import Unit
from units.scoped_admin import actor_of, reach_of


class MoveForm(forms.Form):
    """Where the unit will stand."""

    parent = forms.ModelChoiceField(
        label=gettext_lazy("new parent"), queryset=Unit.objects.none(), required=False
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_units(self, "parent", "parent", request)
        # The top of the tree lies outside what somebody manages a part of.
        self.fields["parent"].required = not reach_of(request, scope.OVERSEE).is_everything
        if not self.fields["parent"].required:
            self.fields["parent"].help_text = _("Empty: the unit will stand at the top of the tree.")


class CloseForm(forms.Form):
    """From when on the unit no longer exists."""

    on = forms.DateField(
        label=gettext_lazy("closed on"),
        help_text=gettext_lazy("The first day on which the unit is closed."),
        widget=day_input(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a unit with all below it under another parent."""
    unit = changeable(request, pk)
    form = MoveForm(request.POST or None, request=request, initial={"parent": unit.parent_id})

    def facts(cleaned: Cleaned) -> list[Fact]:
        parent = cleaned["parent"]
        return [
            Fact("units", _("units that move, this one and all below it"), Unit.objects.under(unit).count()),
            Fact("from", _("from"), unit.parent or _("the top of the tree")),
            Fact("to", _("to"), parent or _("the top of the tree")),
        ]

    def carry_out(cleaned: Cleaned) -> str:
        tree.move(unit, cleaned["parent"], actor=actor_of(request))
        return _("“%(unit)s” has moved, with everything below it.") % {"unit": unit}

    lead = _(
        "The unit takes everything below it along. Records, reports and their totals follow; "
        "a grant on a unit above it ends for those who had it there, and grants above the new place begin."
    )
    return reform_page(
        request, unit, form, Reform(_("Move the unit"), lead, _("Move it now"), carry_out, facts)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a unit from a day on."""
    unit = changeable(request, pk)
    form = CloseForm(request.POST or None, initial={"on": timezone.localdate()})

    def facts(cleaned: Cleaned) -> list[Fact]:
        below = Unit.objects.under(unit).exclude(pk=unit.pk).open_on(cleaned["on"])
        return [
            Fact("on", _("closed on"), cleaned["on"].isoformat()),
            Fact("open_below", _("units below it that stay open"), below.count()),
        ]

    def carry_out(cleaned: Cleaned) -> str:
        closed = lifecycle.close(unit, on=cleaned["on"], actor=actor_of(request))
        return _("“%(unit)s” is closed from %(day)s on.") % {"unit": unit, "day": closed.closed_on}

    lead = _(
        "A closed unit owes nothing from that day on and stays readable with all its records. "
        "Units below it stay as they are."
    )
    return reform_page(
        request, unit, form, Reform(_("Close the unit"), lead, _("Close it now"), carry_out, facts)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the closing of a unit back."""
    unit = changeable(request, pk)

    def facts(_cleaned: Cleaned) -> list[Fact]:
        return [Fact("closed_on", _("closed on"), unit.closed_on)]

    def carry_out(_cleaned: Cleaned) -> str:
        lifecycle.reopen(unit, actor=actor_of(request))
        return _("“%(unit)s” is open again.") % {"unit": unit}

    lead = _("The unit will be as if it had never been closed, and owes its reports again.")
    reform = Reform(_("Open again"), lead, _("Open it again now"), carry_out, facts)
    return reform_page(request, unit, forms.Form(request.POST or None), reform)
