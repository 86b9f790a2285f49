"""When a report is due anew: after a return, and by an extension. Nothing here ever shortens."""

from __future__ import annotations

import datetime as dt

from reports.campaigns.models import Campaign
from reports.campaigns.periods import DAY
from reports.weekly.models import WeeklyReport


def later(report: WeeklyReport, due_at: dt.datetime) -> dict[str, dt.datetime]:
    """Return the due moment that is at least `due_at`; the last chance moves along as far as it must."""
    return {"due_at": max(report.due_at, due_at), "close_at": max(report.close_at, due_at)}


def due_after_return(campaign: Campaign, now: dt.datetime) -> dt.datetime:
    """Return until when a report that is returned at the aware moment `now` has to be filed again.

    So many calendar days later as the campaign says, at the hour at which its reports are due.
    """
    day = campaign.today(now) + campaign.n_return_days * DAY
    due_at = dt.datetime.combine(day, campaign.due_time, campaign.zone)
    # Without a day to correct it, what is returned in the evening would be overdue at once.
    return due_at if due_at > now else due_at + DAY
