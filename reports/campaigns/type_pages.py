"""The page that copies a type into another campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.campaigns.copying import MAY_ADD, copy_type
from reports.campaigns.models import ActivityType, Campaign
from units.rules import RuleError
from units.scoped_admin import actor_of


class CopyForm(forms.Form):
    """Where a type is copied to."""

    to = forms.ModelChoiceField(Campaign.objects.none(), label=gettext_lazy("Into which campaign"))

    def __init__(self, *args: Any, but: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Campaign.objects.exclude(pk=but.pk)  # type: ignore[attr-defined]


def copy_page(
    site: admin.AdminSite, request: HttpRequest, activity_type: ActivityType | None
) -> HttpResponse:
    """Ask for the campaign, or copy and lead to the copy. Raises: Http404, PermissionDenied."""
    actor = actor_of(request)
    if not actor.has_perm(MAY_ADD):
        raise PermissionDenied
    if activity_type is None:
        raise Http404
    form = CopyForm(request.POST or None, but=activity_type.campaign)
    if request.method == "POST" and form.is_valid():
        try:
            copy = copy_type(activity_type, to=form.cleaned_data["to"], actor=actor)
        except RuleError as refused:
            form.add_error(refused.field or None, str(refused.message))
        else:
            said = {"type": copy, "campaign": copy.campaign}
            messages.success(request, _("“%(type)s” has been copied into “%(campaign)s”.") % said)
            return redirect("admin:campaigns_activitytype_change", copy.pk)
    context = {
        **site.each_context(request),
        "title": _("Copy into another campaign"),
        "opts": ActivityType._meta,
        "original": activity_type,
        "form": form,
    }
    page = "admin/campaigns/activitytype/copy.html"
    return TemplateResponse(request, page, context, status=422 if form.errors else 200)
