"""Put together what each reader should know, from facts that were read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from reports.digests.contents import (
    Bar,
    Digest,
    Figure,
    LeaderDigest,
    LiaisonDigest,
    Place,
    ReviewerDigest,
)
from reports.digests.facts import Facts
from reports.digests.readers import Reader
from reports.statistics.ledger import Values, add
from reports.statistics.reading import NONE, ONLINE, ONSITE, SESSIONS, Totals
from reports.weekly.models import Standing, WeeklyReport
from reports.weekly.rates import NOTHING, of_reports
from units.models import Unit

CODES = (SESSIONS, ONSITE, ONLINE)
N_RETURNED_SHOWN = 5
N_TOP = 5
N_ODD_SHOWN = 5


def build(reader: Reader, facts: Facts, roots: list[Unit]) -> Digest:
    """Return the digest of one reader; `roots` are the units that stand for the whole system."""
    leader = [overview(team, units, facts) for team, units in sorted(reader.teams.items())]
    if reader.is_leader:
        leader.insert(0, overview("", roots, facts))
    return Digest(
        person=reader.person,
        period=facts.period,
        liaison=[_liaison(unit, facts) for unit in reader.reports_for],
        reviewer=_reviewer(reader.reviews, facts) if reader.reviews else None,
        leader=leader,
    )


def _liaison(unit: Unit, facts: Facts) -> LiaisonDigest:
    """Return what concerns one unit."""
    own = [report for report in facts.reports.under([unit]) if report.unit_id == unit.pk]
    returned = facts.returned.under([unit])
    return LiaisonDigest(
        unit=unit,
        report=own[0] if own else None,
        standing=own[0].standing(facts.now) if own else None,
        rates=facts.rates.get(unit.pk, NOTHING),
        median_pct=facts.medians.get(unit.kind_id),
        figures=_figures([unit], facts),
        n_drafts=len(facts.drafts.under([unit])),
        n_waiting=len(facts.waiting.under([unit])),
        n_returned=len(returned),
        returned=returned[:N_RETURNED_SHOWN],
        due=facts.due.under([unit]),
    )


def _reviewer(units: list[Unit], facts: Facts) -> ReviewerDigest:
    """Return what waits for a reviewer of `units`."""
    waiting, reports = facts.waiting.under(units), facts.reports.under(units)
    odd = facts.odd.under(units)
    return ReviewerDigest(
        n_waiting=len(waiting),
        oldest_at=min(waiting, default=None),
        missing=_standing(reports, Standing.MISSING, facts.now),
        late=_standing(reports, Standing.LATE, facts.now),
        n_odd=len(odd),
        odd=odd[:N_ODD_SHOWN],
    )


def overview(team: str, units: list[Unit], facts: Facts) -> LeaderDigest:
    """Return how it stands at the subtrees of `units`."""
    reports = facts.reports.under(units)
    places = [Place(report.unit, facts.week.get(report.unit_id, NONE)) for report in reports]
    active = [place for place in places if place.totals.n_records]
    ranked = sorted(active, key=lambda place: (place.totals.sessions, place.totals.attendances), reverse=True)
    return LeaderDigest(
        team=team,
        figures=_figures(units, facts),
        so_far=_sum(units, facts.so_far),
        filed=of_reports(reports, facts.now),
        filed_before=of_reports(facts.reports_before.under(units), facts.now),
        bars=_bars(units, facts),
        top=ranked[:N_TOP],
        silent=[place.unit for place in places if not place.totals.n_records],
        missing=_standing(reports, Standing.MISSING, facts.now),
    )


def _figures(units: list[Unit], facts: Facts) -> list[Figure]:
    """Return sessions, onsite and online attendances of the week, each with the week before."""
    week, before = _sum(units, facts.week), _sum(units, facts.before)
    return [Figure(code, week.of(code), before.of(code)) for code in CODES]


def _sum(units: list[Unit], totals: dict[int, Totals]) -> Totals:
    """Add the totals of subtrees that do not overlap."""
    values: Values = {}
    for unit in units:
        values = add(values, totals.get(unit.pk, NONE).values)
    return Totals(values)


def _bars(units: list[Unit], facts: Facts) -> list[Bar]:
    """Return the sessions of the last weeks as bars, the oldest first."""
    values = [(period, _sum(units, totals).sessions) for period, totals in facts.history]
    longest = max((value or 0 for _period, value in values), default=0)
    return [
        Bar(period, value, round(100 * (value or 0) / longest) if longest else 0) for period, value in values
    ]


def _standing(reports: Iterable[WeeklyReport], standing: Standing, now: dt.datetime) -> list[Unit]:
    """Return the units whose report stands so."""
    return [report.unit for report in reports if report.standing(now) is standing]
