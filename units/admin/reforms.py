"""The admin's pages for a deed on one unit: a form, then what it will do, then the deed itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from units.models import Unit
from units.rules import RuleError
from units.scoped_admin import actor_of
from units.searching import RowSearch

CHANGE = "units.change_unit"
Cleaned = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what will happen; `code` names it to machines."""

    code: str
    label: str | Promise
    value: object


def _no_facts(_cleaned: Cleaned) -> list[Fact]:
    return []


@dataclass(frozen=True, slots=True)
class Reform:
    """One deed: what its page says, what it will do, and the verb, which returns the sentence of success."""

    title: str
    lead: str
    button: str
    carry_out: Callable[[Cleaned], str]
    facts: Callable[[Cleaned], list[Fact]] = field(default=_no_facts)


def day_input() -> forms.DateInput:
    """Return the browser's own field for a day; the admin's writes styles that the content policy refuses."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def visible_units(request: HttpRequest) -> models.QuerySet[Unit]:
    """Return the units that the person's own list in the admin shows."""
    return admin.site.get_model_admin(Unit).get_queryset(request)


def changeable(request: HttpRequest, pk: int) -> Unit:
    """Return a unit that the person may change. Raises: PermissionDenied, Http404."""
    if not actor_of(request).has_perm(CHANGE):
        raise PermissionDenied
    unit = visible_units(request).filter(pk=pk).select_related("kind", "parent", "merged_into").first()
    if unit is None:
        raise Http404
    return unit


def offer_units(form: forms.Form, name: str, column: str, request: HttpRequest) -> None:
    """Let the field `name` choose among the person's units, searched for as the relation `column` is."""
    chosen: Any = form.fields[name]
    chosen.queryset = visible_units(request)
    chosen.widget = RowSearch(Unit._meta.get_field(column), admin.site)
    chosen.widget.choices = chosen.choices


def reform_page(request: HttpRequest, unit: Unit, form: forms.Form, reform: Reform) -> HttpResponse:
    """Ask, then show what will happen, then do it; a refusal stands at its field."""
    facts: list[Fact] | None = None
    if request.method == "POST" and form.is_valid():
        if "confirmed" not in request.POST:
            facts = reform.facts(form.cleaned_data)
        elif (done := _attempt(form, reform)) is not None:
            messages.success(request, done)
            return redirect("admin:units_unit_change", unit.pk)
    context = {
        **admin.site.each_context(request),
        "title": reform.title,
        "subtitle": None,
        "opts": Unit._meta,
        "unit": unit,
        "reform": reform,
        "form": form,
        "media": form.media,
        "facts": facts,
        "is_confirming": facts is not None,
    }
    return TemplateResponse(request, "admin/units/unit/reform.html", context)


def _attempt(form: forms.Form, reform: Reform) -> str | None:
    """Do it and return the sentence; None with the refusal put at its field."""
    try:
        return reform.carry_out(form.cleaned_data)
    except RuleError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
    except ValidationError as refused:
        for name, said in refused.message_dict.items():
            for sentence in said:
                form.add_error(name if name in form.fields else None, sentence)
    return None
