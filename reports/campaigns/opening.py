"""Verbs of a campaign's time: make the periods that have begun."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from reports.campaigns.models import Campaign, Period
from reports.campaigns.periods import Bounds, weeks


@transaction.atomic
def ensure_periods(campaign: Campaign, *, now: dt.datetime) -> list[Period]:
    """Make the whole-campaign period and every week that has begun by `now`; return the new ones.

    Running it twice, or late by weeks, gives the same rows. Stored periods are never changed.
    """
    known = set(campaign.periods.values_list("number", flat=True))
    due = [_whole(campaign), *weeks(campaign.rule, campaign.starts_on, campaign.ends_on, campaign.today(now))]
    new = [
        Period(
            campaign=campaign,
            number=bounds.number,
            starts_on=bounds.starts_on,
            ends_on=bounds.ends_on,
            due_at=bounds.due_at,
            close_at=bounds.close_at,
        )
        for bounds in due
        if bounds.number not in known
    ]
    # Two clocks at once: the unique number decides, silently.
    Period.objects.bulk_create(new, ignore_conflicts=True)
    numbers = [period.number for period in new]
    return list(campaign.periods.filter(number__in=numbers))


def _whole(campaign: Campaign) -> Bounds:
    """Return the bounds of the period that stands for the whole campaign."""
    over = dt.datetime.combine(campaign.ends_on + dt.timedelta(days=1), dt.time.min, campaign.zone)
    return Bounds(0, campaign.starts_on, campaign.ends_on, over, over)
