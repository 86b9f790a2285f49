"""What the start page shows a person: only what is theirs, by what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.bars import Bar, bars
from portal.context import Frame
from reports.campaigns.models import Campaign, Period
from reports.records.desk import Desk, Tile, tiles
from reports.records.keeping import unsent
from reports.records.models import ActivityRecord, WorkingCopy
from reports.records.queue.listing import counted
from reports.records.reviewing import queue_of
from reports.records.rounds import Comeback, comebacks
from reports.records.states import Status
from reports.statistics import reading
from reports.statistics.reading import Totals
from reports.weekly.board.own import OwnRates, own_rates
from reports.weekly.models import Purpose, ReadyReason, Standing, Urging, WeeklyReport
from reports.weekly.urging.noticing import notices
from units import scope
from units.models import Account, Unit

MOST_RETURNED = 5
MOST_UNSENT = 5
MOST_TO_SIGN = 10
# One tap each; whatever else there is stands behind “Record an activity”.
MOST_TILES = MOST_COPIES = 4
N_WEEKS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number with its name and what it was in the running week; None prints as —."""

    label: str | Promise
    so_far: int | None
    this_week: int | None


@dataclass(frozen=True, slots=True)
class Week:
    """The running week of one unit: what is owed, what was recorded, what counts already."""

    period: Period
    report: WeeklyReport | None
    standing: Standing | None
    records: list[ActivityRecord]
    totals: Totals

    @property
    def n_waiting(self) -> int:
        """Return how many of the week's records wait for review."""
        return sum(record.state is Status.SUBMITTED for record in self.records)


@dataclass(frozen=True, slots=True)
class Work:
    """A liaison's part: the week, what came back, what is unsent, what to begin with, the last weeks.

    `reports` are those of earlier weeks that came back or are overdue, and can still be filed.
    """

    desk: Desk
    week: Week | None
    returned: list[Comeback] = field(default_factory=list)
    reports: list[WeeklyReport] = field(default_factory=list)
    zero_reasons: Iterable[ReadyReason] = ()
    bars: list[Bar] = field(default_factory=list)
    unsent: list[WorkingCopy] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    examples: list[ActivityRecord] = field(default_factory=list)
    own: OwnRates | None = None
    urged: list[Urging] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Queue:
    """A reviewer's part: how many records wait, the one that has waited longest; reports, and requests."""

    n_waiting: int
    oldest: ActivityRecord | None
    n_reports: int
    n_requests: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A reader's part: the units that they follow, in figures."""

    units: list[Unit]
    figures: list[Figure]
    n_owed: int
    n_filed: int


def work_of(frame: Frame, desk: Desk, user: Account) -> Work:
    """Return what a liaison has before them. Queries: at most twelve, and two for the median at times."""
    records = ActivityRecord.objects.of_unit(desk.unit)
    campaign, period = frame.campaign, frame.period
    if campaign is None:
        return Work(desk, None)
    returned = records.of_campaign(campaign).returned().with_names()
    recent = _recent(desk.unit, period) if period else []
    reports = _reports(desk.unit, period) if period else []
    return Work(
        desk=desk,
        week=_week(desk.unit, period, recent, reports) if period else None,
        returned=comebacks(returned[:MOST_RETURNED]),
        reports=[report for report in reports if report.period != period],
        # Read where a zero report is offered, and nowhere else.
        zero_reasons=ReadyReason.offered(Purpose.ZERO),
        bars=_bars(campaign, desk.unit),
        unsent=unsent(user, desk.unit, campaign)[:MOST_UNSENT],
        tiles=tiles(campaign, desk.unit)[:MOST_TILES],
        examples=_examples(period, recent) if period else [],
        own=own_rates(campaign, desk.unit, frame.now),
        urged=notices(campaign, desk.unit, frame.now),
    )


def queue_for(user: Account) -> Queue:
    """Return what waits for this reviewer. Queries: five."""
    queue = queue_of(user)
    return Queue(counted(queue), queue.with_names().first(), *WeeklyReport.objects.counted_for(user))


def to_sign(user: Account) -> list[WeeklyReport]:
    """Return what waits for this unit head's signature, the oldest week first. Queries: two."""
    reports = WeeklyReport.objects.filter(scope.reach(user, scope.SIGN).condition("unit__path"))
    return list(reports.to_sign().with_names()[:MOST_TO_SIGN])


def overview_of(frame: Frame, user: Account) -> Overview | None:
    """Return the figures of the units that a person may read. Queries: four."""
    campaign, period = frame.campaign, frame.period
    if campaign is None or period is None:
        return None
    units = list(scope.topmost(user, *scope.READ))
    weeks = reading.by_week(campaign, units, today=campaign.today(frame.now))
    week = weeks[-1].totals if weeks else reading.NONE
    owed = WeeklyReport.objects.visible_to(user).filter(period=period)
    n_owed, n_filed = owed.counted()
    figures = _figures(reading.so_far(campaign, units), week)
    return Overview(units, figures, n_owed=n_owed, n_filed=n_filed)


def _reports(unit: Unit, period: Period) -> list[WeeklyReport]:
    """Return a unit's report of the week, and those of earlier weeks that it still has to file."""
    still_open: dict[str, object] = {"filed_at": None, "excused_at": None, "close_at__gte": timezone.now()}
    earlier = Q(**still_open, period__number__lt=period.number)
    owed = WeeklyReport.objects.filter(
        Q(period=period) | earlier, unit=unit, period__campaign=period.campaign_id
    )
    return list(owed.with_people().order_by("-period__number")[: MOST_RETURNED + 1])


def _recent(unit: Unit, period: Period) -> list[ActivityRecord]:
    """Return what the unit recorded in a week and in the one before, the latest first."""
    records = ActivityRecord.objects.of_unit(unit).filter(
        period__campaign=period.campaign_id, period__number__in=[period.number - 1, period.number]
    )
    return list(records.with_names().with_indicators().latest_first())


def _examples(period: Period, recent: list[ActivityRecord]) -> list[ActivityRecord]:
    """Return those of the week before, to copy one with one tap."""
    former = [record for record in recent if record.period_id != period.pk]
    return [record for record in former if not record.activity_type.is_retired][:MOST_COPIES]


def _week(unit: Unit, period: Period, recent: list[ActivityRecord], reports: list[WeeklyReport]) -> Week:
    """Return the running week of a unit."""
    report = next((one for one in reports if one.period == period), None)
    return Week(
        period=period,
        report=report,
        standing=report.standing(timezone.now()) if report else None,
        records=[record for record in recent if record.period_id == period.pk],
        totals=reading.own_totals(period, unit),
    )


def _bars(campaign: Campaign, unit: Unit) -> list[Bar]:
    """Return the sessions of the unit's last weeks for the small chart."""
    weeks = reading.by_week(campaign, [unit], today=campaign.today(timezone.now()))
    return bars([(week.period, week.totals.sessions) for week in weeks[-N_WEEKS_SHOWN:]])


def _figures(so_far: Totals, week: Totals) -> list[Figure]:
    """Return the four figures of the first row."""
    return [
        Figure(_("Sessions"), so_far.sessions, week.sessions),
        Figure(_("On-site attendances"), so_far.onsite, week.onsite),
        Figure(_("Online attendances"), so_far.online, week.online),
        Figure(_("Approved records"), so_far.n_records, week.n_records),
    ]
