"""What the statistics page shows: figures, weeks, the table of units; every number from `reading`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.campaigns import wording
from reports.campaigns.models import Campaign, Period
from reports.statistics import reading
from reports.statistics.charts import Chart, Series
from reports.statistics.focus import Focus
from reports.statistics.reading import Backlog, Row, Totals, Week
from reports.statistics.sorting import Sort
from units.models import Unit

LABELS: dict[str, str | Promise] = {
    reading.SESSIONS: gettext_lazy("sessions"),
    reading.ONSITE: gettext_lazy("onsite attendances"),
    reading.ONLINE: gettext_lazy("online attendances"),
    reading.ATTENDANCES: gettext_lazy("attendances together"),
}
N_UNITS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Card:
    """One figure: so far, in the latest week, and the difference of that week to the one before it.

    `difference` is None where one of the two weeks reported nothing, or where there is no week before.
    """

    name: str
    label: str | Promise
    so_far: int | None
    latest: int | None
    before: int | None

    @property
    def difference(self) -> int | None:
        """Return the latest week less the week before."""
        return None if self.latest is None or self.before is None else self.latest - self.before

    @property
    def n_apart(self) -> int:
        """Return how far the two weeks are apart, without a sign."""
        return abs(self.difference or 0)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page; `weeks` oldest first; `is_running` where the latest week holds today."""

    total: Totals
    weeks: list[Week]
    cards: list[Card]
    chart: Chart
    backlog: Backlog
    is_running: bool

    @property
    def latest(self) -> Week | None:
        """Return the latest week that has begun."""
        return self.weeks[-1] if self.weeks else None

    @property
    def before(self) -> Week | None:
        """Return the week before the latest one."""
        return self.weeks[-2] if len(self.weeks) > 1 else None


@dataclass(frozen=True, slots=True)
class Parts:
    """One page of the table of units: the periods of its columns, the sorting, the rows."""

    periods: list[Period]
    sort: Sort
    page: Page[int]
    rows: list[Row]


def overview(campaign: Campaign, focus: Focus, *, today: dt.date) -> Overview:
    """Return the figures of the units in focus.

    Queries: four.
    """
    total = reading.so_far(campaign, focus.units)
    weeks = reading.by_week(campaign, focus.units, today=today)
    return Overview(
        total=total,
        weeks=weeks,
        cards=_cards(total, weeks),
        chart=by_week_chart(weeks, source=f"{focus.label} · {campaign} · {today}", file=campaign.code),
        backlog=reading.backlog(campaign, focus.reach),
        is_running=bool(weeks) and today <= weeks[-1].period.ends_on,
    )


def parts(campaign: Campaign, focus: Focus, weeks: list[Week], sort: Sort, page_number: str) -> Parts:
    """Return one page of the units listed below the figures: so far, the latest week, the week before.

    Queries: two to sort, two for the page, one for the whole-campaign period.
    """
    periods = [*campaign.periods.filter(number=0), *(week.period for week in reversed(weeks[-2:]))]
    numbers = _sorted(focus, periods, sort)
    page = Paginator(numbers, N_UNITS_A_PAGE).get_page(page_number)
    units: dict[int, Unit] = focus.parts.in_bulk(list(page.object_list))
    rows = reading.across(periods, [units[pk] for pk in page.object_list])
    return Parts(periods, sort, page, rows)


def by_week_chart(weeks: list[Week], *, source: str, file: str) -> Chart:
    """Return attendances as stacked columns and sessions as a line, week by week."""
    n_weeks = {"number": len(weeks)}
    description = _(
        "Stacked columns: onsite and online attendances in each of %(number)d weeks; a line: sessions. "
        "The table below it has the same figures."
    )
    onsite, online = [
        [week.totals.figure(name) for week in weeks] for name in (reading.ONSITE, reading.ONLINE)
    ]
    sessions = [week.totals.sessions for week in weeks]
    return Chart(
        title=_("Attendances and sessions by week"),
        description=description % n_weeks,
        source=source,
        file=f"{file}-weeks",
        labels=[str(week.period.label) for week in weeks],
        details=[wording.span(week.period.starts_on, week.period.ends_on) for week in weeks],
        columns=[
            Series(str(LABELS[reading.ONSITE]), "chart-1", onsite),
            Series(str(LABELS[reading.ONLINE]), "chart-2", online),
        ],
        lines=[Series(str(LABELS[reading.SESSIONS]), "chart-3", sessions)],
        columns_axis=_("attendances"),
        lines_axis=str(LABELS[reading.SESSIONS]),
    )


def _cards(total: Totals, weeks: list[Week]) -> list[Card]:
    """Return one card for each figure."""
    latest = weeks[-1].totals if weeks else reading.NONE
    before = weeks[-2].totals if len(weeks) > 1 else reading.NONE
    return [
        Card(name, label, total.figure(name), latest.figure(name), before.figure(name))
        for name, label in LABELS.items()
    ]


def _sorted(focus: Focus, periods: list[Period], sort: Sort) -> list[int]:
    """Return the numbers of the listed units in the order asked for; in the tree's order by default."""
    if sort.column < len(periods) and sort.figure:
        period = periods[sort.column]
        return reading.ranked(period, focus.parts, sort.figure, is_descending=sort.is_descending)
    numbers = list(focus.parts.values_list("pk", flat=True))
    return numbers[::-1] if sort.is_descending else numbers
