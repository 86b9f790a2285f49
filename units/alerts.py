"""Raise an alarm where the audit trail shows what an auditor has to look at."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from units import audit
from units.models import AuditAlert, AuditEntry, Deed

Rule = AuditAlert.Rule

logger = logging.getLogger(__name__)

# How far back a look reaches: a clock that stood still for a day misses nothing.
LOOKS_BACK = dt.timedelta(hours=24)
WITHIN = dt.timedelta(minutes=5)
MANY = 10
LARGE = 1000
NIGHT = (22, 6)
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason for an alarm: the rule, the row that set it off, and the figure."""

    rule: AuditAlert.Rule
    entry: AuditEntry
    number: int


def raise_alerts(*, now: dt.datetime | None = None) -> int:
    """Raise each alarm that the last 24 hours give reason for and that is not raised yet; return how many."""
    moment = now or timezone.now()
    return sum(_raise(finding) for finding in (*_large_or_late(moment), *_many_refusals(moment)))


def _raise(finding: Finding) -> bool:
    """Write one alarm into its table, the trail and the log; False where another clock was first."""
    entry = finding.entry
    try:
        with transaction.atomic():
            alert = AuditAlert.objects.create(rule=finding.rule, entry=entry, actor=entry.actor)
            changes = {"rule": finding.rule.value, "row": entry.pk, "number": finding.number}
            if entry.actor_id:
                changes["person"] = entry.actor_id
            audit.record(Deed.ALERT, actor=None, subject=alert, unit=entry.unit, changes=changes)
    except IntegrityError:
        if AuditAlert.objects.filter(rule=finding.rule, entry=entry).exists():
            return False
        raise
    logger.warning(
        "alarm %s: row %s, person %s, number %s", finding.rule.value, entry.pk, entry.actor_id, finding.number
    )
    return True


def _large_or_late(now: dt.datetime) -> Iterator[Finding]:
    """Yield the exports that took many rows, and those of the night where the portal stands."""
    raised = set(AuditAlert.objects.filter(entry__at__gt=now - LOOKS_BACK).values_list("rule", "entry_id"))
    for entry in _recent(now, Deed.EXPORT):
        n_rows = entry.changes.get("n_rows")
        n_rows = n_rows if isinstance(n_rows, int) else 0
        if n_rows > LARGE and (Rule.LARGE_EXPORT, entry.pk) not in raised:
            yield Finding(Rule.LARGE_EXPORT, entry, n_rows)
        if _is_night(entry.at) and (Rule.NIGHT_EXPORT, entry.pk) not in raised:
            yield Finding(Rule.NIGHT_EXPORT, entry, n_rows)


def _many_refusals(now: dt.datetime) -> Iterator[Finding]:
    """Yield each refusal that is somebody's tenth within five minutes, counted anew after an alarm."""
    alerts = AuditAlert.objects.filter(rule=Rule.MANY_REFUSED, entry__at__gt=now - LOOKS_BACK)
    last = {alert.actor_id: alert.entry_id for alert in alerts.order_by("entry_id")}
    moments: dict[int | None, list[dt.datetime]] = {}
    for entry in _recent(now, Deed.REFUSED):
        if entry.pk <= last.get(entry.actor_id, 0):
            continue
        window = [at for at in moments.get(entry.actor_id, []) if at > entry.at - WITHIN]
        moments[entry.actor_id] = window = [*window, entry.at]
        if len(window) >= MANY:
            yield Finding(Rule.MANY_REFUSED, entry, len(window))
            moments[entry.actor_id] = []


def _recent(now: dt.datetime, deed: Deed) -> Iterator[AuditEntry]:
    """Yield the rows of one deed of the last 24 hours, the oldest first."""
    rows = AuditEntry.objects.filter(Q(deed=deed), Q(at__gt=now - LOOKS_BACK), Q(at__lte=now))
    yield from rows.order_by("pk").select_related("actor", "unit").iterator(chunk_size=BATCH)


def _is_night(at: dt.datetime) -> bool:
    """Say whether it is between ten in the evening and six in the morning where the portal stands."""
    hour = timezone.localtime(at, timezone.get_default_timezone()).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]
