"""The steps of joint events on the portal: join one, make one of an own record, name the others, leave."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from reports.records import joining
from reports.records.desk import desk_of
from reports.records.models import ActivityRecord, JointEvent
from units import scope
from units.models import Unit
from units.rules import RuleError
from units.signed_in import person
from units.text_fields import LongText

MOST_UNITS = 50


class UnitsForm(forms.Form):
    """Units that took part, each by its name or code on a line of its own; gives the units."""

    units = LongText(label=gettext_lazy("Units that took part"), required=False, max_length=5000)

    def clean_units(self) -> list[Unit]:
        """Return the units. Raises: ValidationError naming each line that is no open unit."""
        lines = {" ".join(line.split()) for line in self.cleaned_data["units"].splitlines()} - {""}
        if len(lines) > MOST_UNITS:
            raise ValidationError(_("Name at most %(most)d units at once.") % {"most": MOST_UNITS})
        found = list(Unit.objects.filter(Q(name__in=lines) | Q(code__in=lines), closed_on=None))
        unknown = sorted(lines - {unit.name for unit in found} - {unit.code for unit in found})
        if unknown:
            message = _("There is no unit called “%(units)s”; write its full name or its code.")
            raise ValidationError(message % {"units": "”, “".join(unknown)[:200]})
        return found


class JoinForm(forms.Form):
    """Which event a unit joins; the key makes the same button pressed twice one record."""

    event = forms.ModelChoiceField(queryset=JointEvent.objects.select_related("activity_type", "host"))
    key = forms.UUIDField()


@require_POST
def event_join(request: HttpRequest) -> HttpResponse:
    """Add the unit's record to an event, and lead to its form."""
    user = person(request)
    desk = desk_of(user, request.POST.get("unit", ""))
    if desk is None:
        raise PermissionDenied
    form = JoinForm(request.POST)
    if not form.is_valid():
        return _told(request, _("This event is not there any more."), reverse("records:record-new"))
    try:
        record = joining.join(
            form.cleaned_data["event"], desk.unit, actor=user, key=form.cleaned_data["key"] or uuid.uuid4()
        )
    except RuleError as refused:
        return _told(request, str(refused.message), reverse("records:record-new"))
    return redirect("records:record-edit" if record.is_editable else "records:record-detail", record.pk)


@require_POST
def event_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an own record that of the host of a joint event, or name more units that took part."""
    record, user, form = _own(request, pk), person(request), UnitsForm(request.POST)
    back = reverse("records:record-detail", args=[pk])
    if not form.is_valid():
        return _told(request, " ".join(map(str, form.errors["units"])), back)
    units = form.cleaned_data["units"]
    try:
        if record.event is None:
            joining.found(record, actor=user, co_hosts=units)
        else:
            joining.invite(record.event, units, actor=user)
    except RuleError as refused:
        return _told(request, str(refused.message), back)
    said = ngettext(
        "%(number)d unit can add its record now.", "%(number)d units can add their records now.", len(units)
    )
    messages.success(request, said % {"number": len(units)})
    return redirect(back)


@require_POST
def event_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an own record out of its event."""
    record, back = _own(request, pk), reverse("records:record-detail", args=[pk])
    try:
        joining.leave(record, actor=person(request))
    except RuleError as refused:
        return _told(request, str(refused.message), back)
    messages.success(request, _("“%(record)s” is no longer part of a joint event.") % {"record": record})
    return redirect(back)


def _own(request: HttpRequest, pk: int) -> ActivityRecord:
    """Return a record of a unit that the person reports for. Raises: Http404, PermissionDenied."""
    rows = ActivityRecord.objects.visible_to(request.user).with_names().select_related("event__host")
    record: ActivityRecord = scope.get_or_404(rows, pk=pk)
    if not scope.may(request.user, scope.REPORT, record.unit):
        raise PermissionDenied
    return record


def _told(request: HttpRequest, message: str, back: str) -> HttpResponse:
    """Lead back with what was refused."""
    messages.error(request, message)
    return redirect(back)
