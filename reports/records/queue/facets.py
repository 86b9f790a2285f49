"""The counts beside the queue: how many wait of each type, unit, week … under all else that is asked.

One query fetches the facts of what waits, oldest first and at most MOST_COUNTED of them; everything is
counted from those, so that a menu costs the same at any size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.campaigns.models import ActivityType, Campaign, Period
from reports.records.queue.asked import AGAIN, EXPLAINED, MARKS, ME, NOBODY, SECOND, Asked
from reports.records.queue.listing import MOST_COUNTED, Viewer, rows_of
from units.models import Team, TeamUnit, Unit, UnitKind

MOST_UNITS = 40
LABELS: dict[str, str | Promise] = {
    "type": _("Type"),
    "unit": _("Unit"),
    "week": _("Week"),
    "kind": _("Kind of unit"),
    "team": _("Team"),
    "assigned": _("Assigned"),
    "mark": _("Flags"),
}
ASSIGNED: dict[str, str | Promise] = {ME: _("to me"), NOBODY: _("to nobody")}
MARK_NAMES: dict[str, str | Promise] = {
    EXPLAINED: _("with an explanation"),
    SECOND: _("second review due"),
    AGAIN: _("returned before"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu; `n` is None where nothing was counted."""

    label: str
    n: int | None
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One menu; `chosen` is the label of what is chosen, `query` lets go of it."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str
    query: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait under all that is asked, and by facet and value; `is_capped` where more wait."""

    n_rows: int
    by: dict[str, Counter[object]]
    unit_names: dict[int, str]
    is_capped: bool


def counts_of(asked: Asked, viewer: Viewer) -> Counts:
    """Count what waits. Queries: one."""
    base = replace(asked, type=0, unit=0, week=0, kind=0, assigned="", mark="")
    marks = {name: ExpressionWrapper(mark, output_field=BooleanField()) for name, mark in MARKS.items()}
    columns = ("activity_type_id", "unit_id", "period_id", "unit__kind_id", "assigned_to_id", "unit__name")
    rows = rows_of(base, viewer).annotate(**{f"is_{name}": mark for name, mark in marks.items()})
    found = list(rows.values_list(*columns, *(f"is_{name}" for name in MARKS))[: MOST_COUNTED + 1])
    shown = found[:MOST_COUNTED]
    n_rows, by = _added_up(_columns(shown, viewer), len(shown), asked)
    return Counts(n_rows, by, {row[1]: row[5] for row in shown}, len(found) > MOST_COUNTED)


def _columns(rows: list[tuple[Any, ...]], viewer: Viewer) -> dict[str, list[tuple[object, ...]]]:
    """Return by facet what each row holds there, in the order of the rows."""
    whose: dict[object, tuple[object, ...]] = {None: (NOBODY,), viewer.person.pk: (ME,)}
    return {
        "type": [(row[0],) for row in rows],
        "unit": [(row[1],) for row in rows],
        "week": [(row[2],) for row in rows],
        "kind": [(row[3],) for row in rows],
        "assigned": [whose.get(row[4], ()) for row in rows],
        "mark": [tuple(compress(MARKS, row[6:])) for row in rows],
    }


def _added_up(
    columns: dict[str, list[tuple[object, ...]]], n_rows: int, asked: Asked
) -> tuple[int, dict[str, Counter[object]]]:
    """Count the rows under all that is asked, and in each facet those that all the others let through.

    Column by column: row by row a thousand rows took a sixth of the page's time.
    """
    lets = {
        name: [getattr(asked, name) in values for values in column]
        for name, column in columns.items()
        if getattr(asked, name)
    }
    by: dict[str, Counter[object]] = {}
    for name, column in columns.items():
        others = [let for other, let in lets.items() if other != name]
        passing = compress(column, map(all, zip(*others, strict=True))) if others else column
        by[name] = Counter(chain.from_iterable(passing))
    return sum(map(all, zip(*lets.values(), strict=True))) if lets else n_rows, by


def facets_of(asked: Asked, viewer: Viewer, counts: Counts | None, campaign: Campaign | None) -> list[Facet]:
    """Return the menus, with numbers where what waits is shown. Queries: at most five."""
    named: dict[str, list[tuple[object, str]]] = {
        "type": [(row.pk, row.name) for row in _types(campaign, counts)],
        "unit": _units(asked, counts),
        "week": [(row.pk, f"{row} · {row.starts_on:%m-%d}") for row in _weeks(campaign, counts)],
        "kind": [(row.pk, str(row)) for row in UnitKind.objects.filter(is_reporting=True)],
        "team": list(_teams(viewer)),
        "assigned": [(value, str(label)) for value, label in ASSIGNED.items()] if asked.is_queue else [],
        "mark": [(value, str(label)) for value, label in MARK_NAMES.items()],
    }
    facets = (_facet(name, choices, asked, counts) for name, choices in named.items())
    return [facet for facet in facets if facet.choices]


def _facet(name: str, named: Iterable[tuple[object, str]], asked: Asked, counts: Counts | None) -> Facet:
    """Return one menu; a line that would show nothing is left out unless it is chosen."""
    chosen = getattr(asked, name)
    known = None if counts is None or name == "team" else counts.by.get(name, Counter())
    choices = [
        Choice(
            label,
            None if known is None else known[value],
            asked.query(**{name: value}),
            value == chosen,
        )
        for value, label in named
        if known is None or known[value] or value == chosen
    ]
    held = next((choice.label for choice in choices if choice.is_chosen), "")
    return Facet(name, str(LABELS[name]), choices, held, asked.query(**{name: type(chosen)()}))


def _types(campaign: Campaign | None, counts: Counts | None) -> Iterable[ActivityType]:
    """Return the types of what waits, else those of the campaign on screen."""
    if counts is None:
        return ActivityType.objects.filter(campaign=campaign).order_by("position", "id")
    return ActivityType.objects.filter(pk__in=list(counts.by["type"])).order_by("campaign", "position", "id")


def _weeks(campaign: Campaign | None, counts: Counts | None) -> Iterable[Period]:
    """Return the weeks of what waits, else those of the campaign on screen that have begun; latest first."""
    weeks = Period.objects.weekly().order_by("-starts_on")
    if counts is None:
        return weeks.filter(campaign=campaign, starts_on__lte=timezone.localdate())
    return weeks.filter(pk__in=list(counts.by["week"]))


def _units(asked: Asked, counts: Counts | None) -> list[tuple[object, str]]:
    """Return the units with most that waits, and the chosen one in any case."""
    most = counts.by["unit"].most_common(MOST_UNITS) if counts is not None else []
    names = counts.unit_names if counts is not None else {}
    listed: list[tuple[object, str]] = [(unit, names[unit]) for unit, _n in most if isinstance(unit, int)]
    if asked.unit and asked.unit not in dict(most):
        listed += [(row.pk, row.name) for row in Unit.objects.filter(pk=asked.unit)]
    return listed


def _teams(viewer: Viewer) -> Iterable[tuple[object, str]]:
    """Return the teams that cover any unit within reach."""
    covering = TeamUnit.objects.filter(viewer.seen.condition("unit__path"))
    return Team.objects.filter(pk__in=covering.values("team")).order_by("name").values_list("pk", "name")
