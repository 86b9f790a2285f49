"""Say weeks and deadlines in templates."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone

from reports.campaigns import wording
from reports.campaigns.models import Period

register = template.Library()


@register.filter
def span(period: Period) -> str:
    """Return the days of a period: “Nov. 16–22”."""
    return wording.span(period.starts_on, period.ends_on)


@register.filter
def remaining(until: dt.datetime) -> str:
    """Return the time left until a moment, empty when it is over."""
    return wording.remaining(until, timezone.now())
