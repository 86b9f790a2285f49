"""Put together what each reader should know, from facts that were read once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from reports.digests.contents import (
    Digest,
    Figure,
    Filed,
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
from units.models import Unit

CODES = (SESSIONS, ONSITE, ONLINE)
N_RETURNED_SHOWN = 5
N_TOP = 5


def build(reader: Reader, facts: Facts, roots: list[Unit]) -> Digest:
    """Return the digest of one reader; `roots` are the units that stand for the whole system."""
    leader = [_leader(team, units, facts) for team, units in sorted(reader.teams.items())]
    if reader.is_leader:
        leader.insert(0, _leader("", roots, facts))
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
        standing=own[0].standing(facts.now) if own else None,
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
    return ReviewerDigest(
        n_waiting=len(waiting),
        oldest_at=min(waiting, default=None),
        missing=_standing(reports, Standing.MISSING, facts.now),
        late=_standing(reports, Standing.LATE, facts.now),
    )


def _leader(team: str, units: list[Unit], facts: Facts) -> LeaderDigest:
    """Return how it stands at the subtrees of `units`."""
    reports = facts.reports.under(units)
    places = [Place(report.unit, facts.week.get(report.unit_id, NONE)) for report in reports]
    active = [place for place in places if place.totals.n_records]
    ranked = sorted(active, key=lambda place: (place.totals.sessions, place.totals.attendances), reverse=True)
    return LeaderDigest(
        team=team,
        figures=_figures(units, facts),
        so_far=_sum(units, facts.so_far),
        filed=_filed(reports, facts.now),
        filed_before=_filed(facts.reports_before.under(units), facts.now),
        top=ranked[:N_TOP],
        silent=[place.unit for place in places if not place.totals.n_records],
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


def _filed(reports: Iterable[WeeklyReport], now: dt.datetime) -> Filed:
    """Count the reports of a week; a zero report is in time or late like any other."""
    listed = list(reports)
    return Filed(
        n_owed=len(listed),
        n_in_time=sum(report.is_in_time for report in listed),
        n_late=sum(report.filed_at is not None and not report.is_in_time for report in listed),
        n_missing=sum(report.standing(now) is Standing.MISSING for report in listed),
    )


def _standing(reports: Iterable[WeeklyReport], standing: Standing, now: dt.datetime) -> list[Unit]:
    """Return the units whose report stands so."""
    return [report.unit for report in reports if report.standing(now) is standing]
