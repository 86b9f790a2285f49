"""Urge about one report from its page."""

from __future__ import annotations

import datetime as dt

from django import template

from reports.weekly.models import WeeklyReport
from reports.weekly.steering import steered_by
from reports.weekly.urging.claiming import last_urging
from reports.weekly.urging.owing import OWING, QUIET
from units.models import Account

register = template.Library()


@register.inclusion_tag("weekly/urging/_one.html")
def urging_of(report: WeeklyReport, reader: Account, now: dt.datetime, csrf_token: str) -> dict[str, object]:
    """Show when a report that is owed was urged last, and the button to those who may urge.

    Queries: none where nothing is owed, else three.
    """
    is_owed = report.standing(now) in OWING and now <= report.close_at
    last = last_urging(report) if is_owed else None
    is_quiet = last is not None and last.at > now - QUIET
    return {
        "report": report,
        "last": last,
        "may_urge": is_owed and not is_quiet and steered_by(reader).covers(report.unit.path),
        "csrf_token": csrf_token,
    }
