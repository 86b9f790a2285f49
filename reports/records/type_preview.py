"""The form of a type that is being designed, as a liaison would see it; nothing is stored."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.forms import ModelForm, inlineformset_factory
from django.forms.models import construct_instance
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from reports.campaigns.designing import design_of
from reports.campaigns.models import ActivityType, Indicator
from reports.campaigns.type_forms import IndicatorForm, TypeForm
from reports.records.forms import build
from reports.records.weekdays import days_of
from units.scoped_admin import actor_of

if TYPE_CHECKING:
    Sketchable = ModelForm[Any]
else:
    Sketchable = object

MAY_DESIGN = ("campaigns.add_activitytype", "campaigns.change_activitytype")
# More than a page of fields; a forged number of rows would keep the portal busy.
MOST_INDICATORS = 60


class Sketched(Sketchable):
    """A form that asks the database nothing: each constraint would be a query, ten for each indicator."""

    def _post_clean(self) -> None:
        """Put onto the row what could be read; the rest is for the saving to refuse."""
        self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class SketchedType(Sketched, TypeForm):
    """The type as it is typed."""


class SketchedIndicator(Sketched, IndicatorForm):
    """One indicator as it is typed."""


Indicators = inlineformset_factory(
    ActivityType,
    Indicator,
    form=SketchedIndicator,
    extra=0,
    max_num=MOST_INDICATORS,
    absolute_max=MOST_INDICATORS,
)


@require_POST
def type_preview(request: HttpRequest) -> HttpResponse:
    """Show the form that the posted type would have; what cannot be read yet is left as it was."""
    if not any(actor_of(request).has_perm(permission) for permission in MAY_DESIGN):
        raise PermissionDenied
    activity_type, indicators = _posted(request.POST)
    form_class = build(design_of(activity_type, indicators))
    today = timezone.localdate()
    context = {
        "activity_type": activity_type,
        "form": form_class(initial={"key": uuid.uuid4(), "held_on": today}, auto_id="preview_%s"),
        "days": days_of(activity_type.campaign, today) if activity_type.campaign_id else [],
    }
    return render(request, "records/_type_preview.html", context)


def _posted(posted: QueryDict) -> tuple[ActivityType, list[Indicator]]:
    """Return the type and its indicators as they were posted, stored rows read along and nothing written."""
    wanted = posted.get("previewed", "")
    stored = ActivityType.objects.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    form = SketchedType(posted, instance=stored or ActivityType())
    form.is_valid()
    rows = Indicators(posted, instance=stored or ActivityType())
    asked: list[Indicator] = []
    for row in rows.forms if rows.management_form.is_valid() else []:
        row.is_valid()
        if row.instance.name and not row.instance.is_retired:
            row.instance.code = row.instance.code or f"new_{len(asked)}"
            asked.append(row.instance)
    return form.instance, sorted(asked, key=lambda indicator: indicator.position)
