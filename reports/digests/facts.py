"""All that the digests of one week are made from, read once for everybody."""

from __future__ import annotations

import bisect
import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from django.db.models import OuterRef, Subquery

from reports.campaigns.models import Campaign, Period
from reports.digests.contents import Odd, Returned
from reports.records.models import ActivityRecord, Transition
from reports.records.querysets import RecordQuerySet
from reports.records.states import NEEDS_REASON, Status
from reports.statistics.reading import Totals, across, by_unit
from reports.weekly.models import WeeklyReport
from reports.weekly.rates import COLUMNS, Rates, counted
from units import paths
from units.models import Unit

Fact = TypeVar("Fact")
N_WEEKS_OF_CHART = 8


class ByPath(Generic[Fact]):
    """Facts in the order of their units' paths, so that a subtree is one slice."""

    def __init__(self, facts: Iterable[tuple[str, Fact]]) -> None:
        pairs = sorted(facts, key=lambda pair: pair[0])
        self._paths = [path for path, _fact in pairs]
        self._facts = [fact for _path, fact in pairs]

    def under(self, units: Iterable[Unit]) -> list[Fact]:
        """Return the facts of the subtrees of `units`, which must not overlap."""
        return [fact for unit in units for fact in self._slice(unit.path)]

    def _slice(self, path: str) -> list[Fact]:
        first = bisect.bisect_left(self._paths, path)
        return self._facts[first : bisect.bisect_left(self._paths, paths.end(path))]


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows behind the digests of `period`, by path; totals by unit number, subtrees included.

    `rates` are those of each unit over the campaign, `medians` by kind the share in time of the middle unit.
    `history` holds the last weeks up to `period` for those units alone that somebody looks at as a whole.
    """

    period: Period
    now: dt.datetime
    reports: ByPath[WeeklyReport]
    reports_before: ByPath[WeeklyReport]
    due: ByPath[WeeklyReport]
    drafts: ByPath[int]
    waiting: ByPath[dt.datetime]
    returned: ByPath[Returned]
    odd: ByPath[Odd]
    rates: dict[int, Rates]
    medians: dict[int, Decimal]
    week: dict[int, Totals]
    before: dict[int, Totals]
    so_far: dict[int, Totals]
    history: list[tuple[Period, dict[int, Totals]]]


def gather(
    period: Period, extra: Iterable[Unit], *, now: dt.datetime, overseen: Iterable[Unit] = ()
) -> Facts:
    """Read the facts of one week; totals for the units that owed it, for `extra` and for the roots.

    `overseen` are the units whose last weeks are drawn. Queries: fourteen, however many people read.
    """
    campaign = period.campaign
    earlier = campaign.periods.weekly().filter(number=period.number - 1).first()
    whole = campaign.periods.get(number=0)
    reports = _reports(period)
    roots = list(Unit.objects.filter(parent=None))
    wide = {unit.pk: unit for unit in (*roots, *overseen)}
    units = {unit.pk: unit for unit in (*wide.values(), *extra, *(one.unit for one in reports))}.values()
    rates, medians = _rates(campaign, now)
    return Facts(
        period=period,
        now=now,
        reports=_by_unit(reports),
        reports_before=_by_unit(_reports(earlier)),
        due=_by_unit(_due(campaign, now)),
        drafts=ByPath(_in_status(campaign, Status.DRAFT).values_list("unit__path", "pk")),
        waiting=ByPath(_waiting(campaign)),
        returned=ByPath(_returned(campaign)),
        odd=ByPath(_odd(campaign)),
        rates=rates,
        medians=medians,
        week=_totals(period, units),
        before=_totals(earlier, units),
        so_far=_totals(whole, units),
        history=_history(period, wide.values()),
    )


def _rates(campaign: Campaign, now: dt.datetime) -> tuple[dict[int, Rates], dict[int, Decimal]]:
    """Return the rates of each unit so far, and the median share in time of each kind. Queries: one."""
    rows = WeeklyReport.objects.of_campaign(campaign).order_by().values("unit_id", "unit__kind_id")
    rates: dict[int, Rates] = {}
    of_kind: defaultdict[int, list[Decimal]] = defaultdict(list)
    for row in rows.annotate(**counted(now)):
        rate = rates[row["unit_id"]] = Rates(**{name: row[name] for name in COLUMNS})
        if rate.in_time_pct is not None:
            of_kind[row["unit__kind_id"]].append(rate.in_time_pct)
    return rates, {kind: statistics.median(shares) for kind, shares in of_kind.items()}


def _history(period: Period, units: Iterable[Unit]) -> list[tuple[Period, dict[int, Totals]]]:
    """Return the last weeks up to `period`, the oldest first, with the totals by unit. Queries: two."""
    weeks = period.campaign.periods.weekly().filter(number__lte=period.number).select_related("campaign")
    latest = list(weeks.order_by("-number")[:N_WEEKS_OF_CHART])[::-1]
    rows = across(latest, units)
    return [(week, {row.unit.pk: row.by_period[place] for row in rows}) for place, week in enumerate(latest)]


def _odd(campaign: Campaign) -> Iterable[tuple[str, Odd]]:
    """Yield what waits for review and was doubtful when it was handed in, the oldest first."""
    rows = _in_status(campaign, Status.SUBMITTED).exclude(doubts=[]).select_related("unit", "activity_type")
    for record in rows.order_by("submitted_at"):
        title = record.title or record.activity_type.name
        yield record.unit.path, Odd(title, record)


def _by_unit(reports: Iterable[WeeklyReport]) -> ByPath[WeeklyReport]:
    return ByPath((report.unit.path, report) for report in reports)


def _totals(period: Period | None, units: Iterable[Unit]) -> dict[int, Totals]:
    """Return the totals by unit number; of no period, none."""
    return {line.unit.pk: line.totals for line in by_unit(period, units)} if period else {}


def _reports(period: Period | None) -> list[WeeklyReport]:
    """Return what was owed for a period."""
    if period is None:
        return []
    return list(WeeklyReport.objects.filter(period=period).select_related("unit", "period"))


def _due(campaign: Campaign, now: dt.datetime) -> list[WeeklyReport]:
    """Return what is owed and can still be filed, the oldest period first."""
    owed = WeeklyReport.objects.open().filter(period__campaign=campaign, close_at__gt=now)
    begun = owed.filter(period__starts_on__lte=campaign.today(now))
    return list(begun.select_related("unit", "period").order_by("period__number"))


def _in_status(campaign: Campaign, status: Status) -> RecordQuerySet:
    """Return the records of a campaign in one status."""
    return ActivityRecord.objects.filter(period__campaign=campaign, status=status)


def _waiting(campaign: Campaign) -> Iterable[tuple[str, dt.datetime]]:
    """Yield path and moment of each submission that waits."""
    rows = _in_status(campaign, Status.SUBMITTED).values_list("unit__path", "submitted_at")
    return ((path, at) for path, at in rows if at is not None)


def _returned(campaign: Campaign) -> Iterable[tuple[str, Returned]]:
    """Yield path and what to correct, the latest return first."""
    reason = Transition.objects.filter(record=OuterRef("pk"), verb__in=NEEDS_REASON).order_by("-id")
    rows = ActivityRecord.objects.filter(period__campaign=campaign).returned()
    columns = ("pk", "unit__path", "title", "activity_type__name", "held_on", "reason")
    annotated = rows.annotate(reason=Subquery(reason.values("note")[:1]))
    for pk, path, title, type_name, held_on, note in annotated.values_list(*columns):
        yield path, Returned(pk, title or type_name, held_on, note or "")
