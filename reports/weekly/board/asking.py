"""What the address of a board asks for, and which reports that is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, QueryDict

from reports.campaigns.models import Campaign, Period
from reports.weekly.board.marks import shown_as
from reports.weekly.models import Standing
from reports.weekly.querysets import WeeklyReportQuerySet
from units import scope
from units.models import Account, Team, TeamUnit, Unit, UnitKind
from units.querysets import UnitQuerySet, subtrees

Row = TypeVar("Row")
# Accepted is no state of the board: an accepted report stands there as it was filed.
STATES = tuple(standing for standing in Standing if standing is not Standing.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a board, each None where everything is wanted.

    `state` keeps the units of which a report stands so, in `week` or in any.
    """

    kind: UnitKind | None = None
    team: Team | None = None
    state: Standing | None = None
    week: Period | None = None
    unit: Unit | None = None

    @property
    def query(self) -> str:
        """Return the filters as the addresses of other pages carry them."""
        asked = {
            "kind": self.kind.code if self.kind else None,
            "team": self.team.pk if self.team else None,
            "state": self.state.value if self.state else None,
            "week": self.week.number if self.week else None,
            "unit": self.unit.pk if self.unit else None,
        }
        return urlencode({name: value for name, value in asked.items() if value is not None})

    def places(self, before: str = "") -> Q:
        """Return the condition on a unit whose columns are reached by `before`. Queries: one with a team."""
        kept = ~Q(pk__in=())
        if self.kind is not None:
            kept &= Q(**{f"{before}kind": self.kind})
        if self.unit is not None:
            kept &= subtrees([self.unit.path], f"{before}path")
        if self.team is not None:
            covered = TeamUnit.objects.filter(team=self.team).values_list("unit__path", flat=True)
            kept &= subtrees(covered, f"{before}path")
        return kept

    def units(self, units: UnitQuerySet) -> UnitQuerySet:
        """Keep the units that lie where the filters want, however their reports stand."""
        return units.filter(self.places())

    def standing(self, now: dt.datetime) -> Q:
        """Return the condition on how a report stands, and in which week."""
        kept = ~Q(pk__in=()) if self.week is None else Q(period=self.week)
        return kept if self.state is None else kept & shown_as(self.state, now)

    def narrowed(self, reports: WeeklyReportQuerySet, now: dt.datetime) -> WeeklyReportQuerySet:
        """Keep the reports, of all weeks, of the units that the filters leave on the board."""
        kept = reports.filter(self.places("unit__"))
        if self.state is None:
            return kept
        return kept.filter(unit__in=kept.filter(self.standing(now)).order_by().values("unit"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may choose from: kinds of unit, teams that work today at units of theirs, weeks."""

    kinds: list[UnitKind]
    teams: list[Team]
    weeks: list[Period]


def choices(campaign: Campaign, reader: Account, now: dt.datetime) -> Choices:
    """Return the choices, the latest week first. Queries: three, one for the grants."""
    today = campaign.today(now)
    reach = scope.reach(reader, *scope.READ)
    covering = TeamUnit.objects.filter(reach.condition("unit__path")).values("team")
    weeks = campaign.periods.weekly().filter(starts_on__lte=today).select_related("campaign")
    return Choices(
        kinds=list(UnitKind.objects.filter(is_reporting=True)),
        teams=list(Team.objects.filter(on_duty_today(today), pk__in=covering)),
        weeks=list(weeks.order_by("-number")),
    )


def on_duty_today(today: dt.date) -> Q:
    """Return the condition "the team works today"."""
    has_begun = Q(starts_on=None) | Q(starts_on__lte=today)
    return has_begun & (Q(ends_on=None) | Q(ends_on__gte=today))


def asked(query: QueryDict, offered: Choices, reader: Account) -> Asked:
    """Read the filters of an address.

    Raises: Http404 for what is not offered: a filter that is dropped in silence would urge everybody.
    Queries: two with a unit, else none.
    """
    state = query.get("state", "")
    if state and state not in STATES:
        raise Http404
    return Asked(
        kind=_chosen(query.get("kind", ""), {kind.code: kind for kind in offered.kinds}),
        team=_chosen(query.get("team", ""), {str(team.pk): team for team in offered.teams}),
        state=Standing(state) if state else None,
        week=_chosen(query.get("week", ""), {str(week.number): week for week in offered.weeks}),
        unit=_unit(query.get("unit", ""), reader),
    )


def _chosen(raw: str, offered: dict[str, Row]) -> Row | None:
    """Return what was chosen, None for nothing. Raises: Http404 for what is not offered."""
    if raw and raw not in offered:
        raise Http404
    return offered[raw] if raw else None


def _unit(raw: str, reader: Account) -> Unit | None:
    """Return the unit whose subtree is asked for. Raises: Http404 for a stranger's, too."""
    if not raw:
        return None
    # isascii: "²" is a digit for isdigit and no number for int.
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise Http404
    return scope.get_or_404(scope.units(reader, *scope.READ).select_related("kind"), pk=int(raw))
