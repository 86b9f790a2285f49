"""Mails about deadlines: before one to those who owe, after it to them and, in sum, to their reviewers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise

from reports.campaigns.models import Campaign, Period
from reports.digests.concerned import Concerned
from reports.digests.posting import merged, post
from reports.digests.reminder_letters import Matter, overdue, reminder, summary
from reports.weekly.models import WeeklyReport
from units.models import Account, Mail

# What nobody was told about for this long, because the clock stood still, is left to the weekly digest.
N_DAYS_NEWS = 3
# Longer than the longest lead that a campaign may ask for.
LONGEST_LEAD = dt.timedelta(days=16)

Plan = tuple[str, Callable[[], Mail]]
# The moment at which reviewers are told, and the deadlines since the one before.
Round = tuple[dt.datetime, list[WeeklyReport]]


def ensure_reminders(campaign: Campaign, *, now: dt.datetime) -> int:
    """Queue what is to be said about deadlines at the aware moment `now`; return how many mails are new.

    Reads rows only: twice is once, late is in time. What is owed is asked at this moment, so that nobody is
    reminded of what is filed; a reminder that still waits at its deadline is dropped.
    Queries: three where nothing is near.
    """
    before = [one for one in _owed(campaign, now, now + LONGEST_LEAD) if remind_at(one) <= now]
    after = _owed(campaign, now - dt.timedelta(days=N_DAYS_NEWS), now, is_over=True)
    rounds = _rounds(campaign, now)
    if not (before or after or rounds):
        return 0
    people = Concerned()
    return post(
        merged(
            _to_liaisons("remind", before, people, reminder),
            _to_liaisons("overdue", after, people, partial(overdue, now=now)),
            *(_summaries(campaign, one, people) for one in rounds),
        )
    )


def remind_at(report: WeeklyReport) -> dt.datetime:
    """Return when the reminder of a report goes out: so many days before its own due moment."""
    campaign = report.period.campaign
    day = campaign.today(report.due_at) - dt.timedelta(days=campaign.n_reminder_days)
    return dt.datetime.combine(day, campaign.reminder_time, campaign.zone)


def _owed(
    campaign: Campaign, first: dt.datetime, last: dt.datetime, *, is_over: bool = False
) -> list[WeeklyReport]:
    """Return what is owed and due from `first` to `last`; the due moment itself is not over."""
    end = {"due_at__lt": last} if is_over else {"due_at__lte": last}
    rows = WeeklyReport.objects.open().of_campaign(campaign).filter(due_at__gte=first, **end)
    return list(rows.select_related("unit", "period__campaign").order_by("unit__path", "period__number"))


def _rounds(campaign: Campaign, now: dt.datetime) -> list[Round]:
    """Return the moments of the last days at which reviewers are told, with what is late or missing since."""
    moments = _moments(campaign, now)
    rows = WeeklyReport.objects.of_campaign(campaign).filter(
        excused_at=None, due_at__gte=moments[0], due_at__lt=moments[-1]
    )
    reports = list(rows.select_related("unit", "period__campaign").order_by("unit__path", "period__number"))
    rounds = [
        (moment, [one for one in reports if before <= one.due_at < moment and not one.is_in_time])
        for before, moment in pairwise(moments)
    ]
    return [(moment, late) for moment, late in rounds if late]


def _moments(campaign: Campaign, now: dt.datetime) -> list[dt.datetime]:
    """Return the last daily moments of the campaign that are over, the oldest first."""
    today = campaign.today(now)
    days = (today - dt.timedelta(days=number) for number in range(N_DAYS_NEWS + 1, -1, -1))
    moments = (dt.datetime.combine(day, campaign.reminder_time, campaign.zone) for day in days)
    return [moment for moment in moments if moment <= now][-N_DAYS_NEWS - 1 :]


def _matters(reports: Iterable[WeeklyReport], people: Concerned) -> Iterator[Matter]:
    """Yield what each person owes: one matter for the units of one period that are due at one moment."""
    found: defaultdict[tuple[Account, Period, dt.datetime], list[WeeklyReport]] = defaultdict(list)
    for report in reports:
        for person in people.liaisons(report.unit):
            found[person, report.period, report.due_at].append(report)
    for (person, period, due_at), owed in found.items():
        yield Matter(person, period, due_at, owed)


def _to_liaisons(
    kind: str, reports: list[WeeklyReport], people: Concerned, write: Callable[..., Mail]
) -> Iterator[Plan]:
    """Yield one mail a matter; a new due moment, after an extension or a return, is a new matter."""
    for matter in _matters(reports, people):
        key = f"{kind}:{matter.period.pk}:{int(matter.due_at.timestamp())}:{matter.person.pk}"
        yield key, partial(write, matter, key=key)


def _summaries(campaign: Campaign, told: Round, people: Concerned) -> Iterator[Plan]:
    """Yield one mail for each reviewer of a unit that is late or missing."""
    moment, reports = told
    found: defaultdict[Account, list[WeeklyReport]] = defaultdict(list)
    for report in reports:
        for person in people.reviewers(report.unit):
            found[person].append(report)
    for person, late in found.items():
        key = f"late:{campaign.pk}:{campaign.today(moment):%Y%m%d}:{person.pk}"
        yield key, partial(summary, campaign, person, late, key)
