"""The working-day calendar in the admin: hand a year's file in, look at what changes, load it once."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.campaigns.calendars import MAX_BYTES, MAY_LOAD, Published, differences, load, parse
from reports.campaigns.models import CalendarYear, SpecialDay
from units.rules import RuleError
from units.scoped_admin import ReadOnlyModelAdmin, ScopedInline, actor_of

PAGE = "admin/campaigns/calendaryear/load.html"


class YearForm(forms.Form):
    """The file of one year; on the second page its text travels along, and is read again."""

    file = forms.FileField(
        label=gettext_lazy("file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=gettext_lazy(
            "The JSON file of one year as the holiday-cn project publishes it: year, papers, days."
        ),
    )

    published: Published | None = None

    def clean(self) -> dict[str, Any]:
        """Read the year. Adds an error to the file that says what is wrong with it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        raw = self._raw()
        if not raw:
            self.add_error("file", _("Choose the file of a year."))
            return given
        try:
            self.published = parse(raw)
        except RuleError as refused:
            self.add_error("file", str(refused.message))
        return given

    def told(self) -> str:
        """Return the year as the second page sends it back."""
        year = self.published
        if year is None:
            return ""
        days = [
            {"name": one.name, "date": day.isoformat(), "isOffDay": one.is_off}
            for day, one in year.days.items()
        ]
        return json.dumps({"year": year.year, "papers": year.sources, "days": days}, ensure_ascii=False)

    def _raw(self) -> bytes:
        """Return the file, no more of it than would be read; or what the preview was shown of it."""
        file = self.cleaned_data.get("file")
        if file is not None:
            content: bytes = file.read(MAX_BYTES + 1)
            return content
        # No field of its own: it is parsed like the file, and only dates and names are kept of it.
        return str(self.data.get("told", ""))[: MAX_BYTES + 1].encode(errors="replace")


class DayInline(ScopedInline):
    """The days of a year, for looking."""

    model = SpecialDay

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CalendarYear)
class CalendarYearAdmin(ReadOnlyModelAdmin):
    """The years whose holidays are known; each comes from a file and is replaced as a whole."""

    list_display = ("year", "n_days", "loaded_at", "loaded_by")
    list_select_related = ("loaded_by",)
    sortable_by = ("year",)
    fields = ("year", "sources", "loaded_at", "loaded_by")
    inlines = (DayInline,)
    has_history = False
    change_list_template = "admin/campaigns/calendaryear/change_list.html"

    @admin.display(description=gettext_lazy("special days"))
    def n_days(self, year: CalendarYear) -> int:
        """Return how many days are not what their weekday says."""
        return year.days.count()

    def get_urls(self) -> list[URLPattern]:
        page = path("load/", self.admin_site.admin_view(self.load_view), name="campaigns_calendaryear_load")
        return [page, *super().get_urls()]

    def load_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file, show what it changes, load it on the second click."""
        return load_page(self.admin_site, request)


def load_page(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Show the form, the preview, or load the year. Raises: PermissionDenied."""
    actor = actor_of(request)
    if not actor.has_perm(MAY_LOAD):
        raise PermissionDenied
    form = YearForm(request.POST or None, request.FILES or None)
    published = form.published if form.is_bound and form.is_valid() else None
    if published is not None and "load" in request.POST:
        year = load(published, actor=actor)
        said = _("The calendar of %(year)s is loaded; coming periods follow it.")
        messages.success(request, said % {"year": year})
        return redirect("admin:campaigns_calendaryear_changelist")
    context = {
        **site.each_context(request),
        "title": _("Load a year of the calendar"),
        "opts": CalendarYear._meta,
        "form": form,
        "published": published,
        "told": form.told() if published else "",
        "differences": differences(published) if published else [],
    }
    return TemplateResponse(request, PAGE, context, status=422 if form.errors else 200)
