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
    """One figure: so far, in the running week, in the last week that is over, and in the one before that.

    A running week is compared with nothing: on its Monday it is always behind. `difference` is None where
    one of the two finished weeks reported nothing, or where there is no such week.
    """

    name: str
    label: str | Promise
    so_far: int | None
    running: int | None
    last: int | None
    before: int | None

    @property
    def difference(self) -> int | None:
        """Return the last finished week less the week before."""
        return None if self.last is None or self.before is None else self.last - self.before

    @property
    def n_apart(self) -> int:
        """Return how far the two weeks are apart, without a sign."""
        return abs(self.difference or 0)


@dataclass(frozen=True, slots=True)
class Recent:
    """The week that holds today, the last one that is over, and the one before that, where there are such."""

    running: Week | None
    last: Week | None
    before: Week | None

    @classmethod
    def of(cls, weeks: list[Week], today: dt.date) -> Recent:
        """Pick them from the weeks that have begun, oldest first."""
        over = [week for week in weeks if week.period.ends_on < today]
        running = weeks[-1] if len(over) < len(weeks) else None
        return cls(running, over[-1] if over else None, over[-2] if len(over) > 1 else None)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page; `weeks` oldest first; `recent` are those that the cards speak of."""

    total: Totals
    weeks: list[Week]
    recent: Recent
    cards: list[Card]
    chart: Chart
    backlog: Backlog


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
    recent = Recent.of(weeks, today)
    return Overview(
        total=total,
        weeks=weeks,
        recent=recent,
        cards=_cards(total, recent),
        chart=by_week_chart(weeks, source=f"{focus.label} · {campaign} · {today}", file=campaign.code),
        backlog=reading.backlog(campaign, focus.reach),
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


def _cards(total: Totals, recent: Recent) -> list[Card]:
    """Return one card for each figure."""
    weeks = [week.totals if week else reading.NONE for week in (recent.running, recent.last, recent.before)]
    return [
        Card(name, label, total.figure(name), *(totals.figure(name) for totals in weeks))
        for name, label in LABELS.items()
    ]


def _sorted(focus: Focus, periods: list[Period], sort: Sort) -> list[int]:
    """Return the numbers of the listed units in the order asked for; in the tree's order by default."""
    if sort.column < len(periods) and sort.figure:
        period = periods[sort.column]
        return reading.ranked(period, focus.parts, sort.figure, is_descending=sort.is_descending)
    numbers = list(focus.parts.values_list("pk", flat=True))
    return numbers[::-1] if sort.is_descending else numbers
