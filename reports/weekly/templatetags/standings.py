"""Show how an owed report stands: colour, sign and word."""

from __future__ import annotations

import datetime as dt

from django import template

from reports.weekly.models import WeeklyReport

register = template.Library()


@register.inclusion_tag("weekly/_standing.html")
def standing(report: WeeklyReport, now: dt.datetime) -> dict[str, object]:
    """Return what the fragment shows for `report` at the aware moment `now`."""
    found = report.standing(now)
    return {"code": found.value, "word": found.label}
