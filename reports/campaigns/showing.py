"""A period as a line of a page: its days, its deadlines, and the reason for each date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign, Period
from reports.campaigns.periods import Bounds, Cadence, local_day
from reports.campaigns.wording import span


@dataclass(frozen=True, slots=True)
class Line:
    """One period; `why` is one sentence, `is_plain` says that its year has no calendar."""

    label: str
    days: str
    due_at: dt.datetime
    close_at: dt.datetime
    why: str
    is_plain: bool
    is_running: bool = False
    is_ahead: bool = False


def of_period(period: Period, *, today: dt.date) -> Line:
    """Return the line of a stored period."""
    zone = period.campaign.zone
    return Line(
        label=str(period.label),
        days=span(period.starts_on, period.ends_on),
        due_at=period.due_at.astimezone(zone),
        close_at=period.close_at.astimezone(zone),
        why=_why(period.planned_due_on, local_day(period.due_at, zone), period.moved_for),
        is_plain=period.is_plain,
        is_running=period.starts_on <= today <= period.ends_on,
    )


def of_bounds(campaign: Campaign, bounds: Bounds) -> Line:
    """Return the line of a coming period."""
    label = Period(number=bounds.number, cadence=campaign.cadence).label
    return Line(
        label=str(label),
        days=span(bounds.starts_on, bounds.ends_on),
        due_at=bounds.due_at,
        close_at=bounds.close_at,
        why=_why(bounds.planned_due_on, bounds.due_at.date(), bounds.moved_for),
        is_plain=bounds.is_plain and campaign.cadence != Cadence.TYPED,
        is_ahead=True,
    )


def _why(planned_on: dt.date | None, due_on: dt.date, holiday: str) -> str:
    """Return why a period is due on its day."""
    if planned_on is None:
        return _("The dates were typed in; holidays do not move them.")
    if not holiday:
        return _("By the rule; no holiday falls on this day.")
    facts = {"holiday": holiday, "planned": _day(planned_on), "due": _day(due_on)}
    return _("%(planned)s is a day off (%(holiday)s); due on the next working day, %(due)s.") % facts


def _day(day: dt.date) -> str:
    """Return “Friday 2 October”, as the person's language has it."""
    return date_format(day, "l n-j")
