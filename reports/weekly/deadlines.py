"""When a report is due anew: after a return, and by an extension. Nothing here ever shortens."""

from __future__ import annotations

import datetime as dt

from reports.campaigns.calendars import workdays
from reports.campaigns.models import Campaign
from reports.campaigns.periods import deadline
from reports.weekly.models import WeeklyReport


def later(report: WeeklyReport, due_at: dt.datetime) -> dict[str, dt.datetime]:
    """Return the due moment that is at least `due_at`; the last chance moves along as far as it must."""
    return {"due_at": max(report.due_at, due_at), "close_at": max(report.close_at, due_at)}


def due_after_return(campaign: Campaign, now: dt.datetime) -> dt.datetime:
    """Return until when a report that is returned at the aware moment `now` has to be filed again.

    So many working days later as the campaign says, at the hour at which its reports are due. Queries: two.
    """
    today = campaign.today(now)
    known = workdays(today, today)
    due_at = _at(campaign, known.after(today, campaign.n_return_days))
    # Without a day to correct it, what is returned in the evening would be overdue at once.
    return due_at if due_at > now else _at(campaign, known.after(today, 1))


def _at(campaign: Campaign, day: dt.date) -> dt.datetime:
    """Return the last moment in time of a day on which the campaign's reports are due."""
    return deadline(day, campaign.due_time, campaign.zone)
