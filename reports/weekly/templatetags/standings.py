"""Show how an owed report stands: colour, sign and word."""

from __future__ import annotations

import datetime as dt

from django import template

from reports.weekly.models import Standing, WeeklyReport

register = template.Library()

SIGNS = {
    Standing.OWED: "○",
    Standing.ON_TIME: "●",
    Standing.LATE: "◐",
    Standing.ZERO: "∅",
    Standing.MISSING: "✕",
}


@register.inclusion_tag("weekly/_standing.html")
def standing(report: WeeklyReport, now: dt.datetime) -> dict[str, object]:
    """Return what the fragment shows for `report` at the aware moment `now`."""
    found = report.standing(now)
    return {"code": found.value, "sign": SIGNS[found], "word": found.label}
