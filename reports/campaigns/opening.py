"""Verbs of a campaign's time: make the periods that have begun; say which ones are coming."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from django.db import transaction

from reports.campaigns.calendars import workdays
from reports.campaigns.models import Campaign, Period
from reports.campaigns.periods import DAY, Bounds, Cadence, cut, deadline, midnight_after

N_COMING = 12


@transaction.atomic
def ensure_periods(campaign: Campaign, *, now: dt.datetime) -> list[Period]:
    """Make the whole-campaign period and every period that has begun by `now`; return the new ones.

    Running it twice, or late by weeks, gives the same rows. Stored periods are never changed: the next one
    begins behind the last stored one, by the rule of this moment. Queries: one when nothing is new.
    """
    last, today = _last(campaign), campaign.today(now)
    if last is not None and (last.ends_on >= min(today, campaign.ends_on)) and not last.is_whole:
        return []
    found = [] if last is not None else [_whole(campaign)]
    begun = [one for one in _following(campaign, last, until=today) if one.starts_on <= today]
    new = [_stored(campaign, one) for one in (*found, *begun)]
    # Two clocks at once: the unique number decides, silently.
    Period.objects.bulk_create(new, ignore_conflicts=True)
    return list(campaign.periods.filter(number__in=[period.number for period in new]))


def coming(campaign: Campaign, *, now: dt.datetime, limit: int = N_COMING) -> list[Bounds]:
    """Return the next periods that are not stored yet, as the rule and the calendar of today have them."""
    return list(islice(_following(campaign, _last(campaign), until=campaign.ends_on), limit))


def _last(campaign: Campaign) -> Period | None:
    """Return the stored period of the highest number; that of number 0 stands for the whole campaign."""
    last: Period | None = campaign.periods.order_by("-number").first()
    return last


def _following(campaign: Campaign, last: Period | None, *, until: dt.date) -> Iterator[Bounds]:
    """Yield the periods behind the last stored one, up to the one that holds `until`."""
    is_first = last is None or last.is_whole
    start = campaign.starts_on if last is None or is_first else last.ends_on + DAY
    number = 1 if last is None or is_first else last.number + 1
    if start > min(until, campaign.ends_on):
        return iter(())
    rule = campaign.rule(workdays(start, campaign.ends_on))
    if rule.cadence is Cadence.TYPED:
        return _typed(campaign, start, number)
    return cut(rule, start, campaign.ends_on, until, number=number)


def _typed(campaign: Campaign, start: dt.date, number: int) -> Iterator[Bounds]:
    """Yield the periods that staff typed in, from `start` on; typed dates do not move."""
    planned = campaign.planned_periods.filter(starts_on__gte=start).order_by("starts_on")
    for position, one in enumerate(planned):
        yield Bounds(
            number=number + position,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            due_at=deadline(one.due_on, campaign.due_time, campaign.zone),
            close_at=midnight_after(one.closes_on, campaign.zone),
        )


def _stored(campaign: Campaign, bounds: Bounds) -> Period:
    """Return the unsaved period of these bounds."""
    return Period(
        campaign=campaign,
        number=bounds.number,
        cadence=campaign.cadence,
        starts_on=bounds.starts_on,
        ends_on=bounds.ends_on,
        due_at=bounds.due_at,
        close_at=bounds.close_at,
        planned_due_on=bounds.planned_due_on,
        moved_for=bounds.moved_for,
        is_plain=bounds.is_plain,
    )


def _whole(campaign: Campaign) -> Bounds:
    """Return the bounds of the period that stands for the whole campaign."""
    over = midnight_after(campaign.ends_on, campaign.zone)
    return Bounds(0, campaign.starts_on, campaign.ends_on, over, over)
