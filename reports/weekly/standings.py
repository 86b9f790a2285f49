"""How an owed report stands at a moment: derived from its deeds and its due moment, never stored.

The rule is written twice, side by side: for one row in Python, for many in SQL; a test holds them together.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from reports.weekly.models import WeeklyReport

# A report is called due in its last three days; before that it is not due yet.
COMES_DUE = dt.timedelta(days=3)


class Standing(TextChoices):
    """The standings, as they appear on the board."""

    NOT_DUE = "not_due", _("not yet due")
    DUE = "due", _("due")
    ON_TIME = "on_time", _("on time")
    LATE = "late", _("late")
    ZERO = "zero", _("zero report")
    RETURNED = "returned", _("returned for revision")
    ACCEPTED = "accepted", _("accepted")
    MISSING = "missing", _("missing")
    EXCUSED = "excused", _("excused")


OPEN = frozenset({Standing.NOT_DUE, Standing.DUE, Standing.RETURNED, Standing.MISSING})


def standing_of(report: WeeklyReport, now: dt.datetime) -> Standing:
    """Return how one report stands at the aware moment `now`; the due moment itself is in time."""
    if report.excused_at is not None:
        return Standing.EXCUSED
    if report.accepted_at is not None:
        return Standing.ACCEPTED
    if report.filed_at is not None:
        return filed_as(report)
    if report.returned_at is not None:
        return Standing.RETURNED
    if now > report.due_at:
        return Standing.MISSING
    return Standing.DUE if now > report.due_at - COMES_DUE else Standing.NOT_DUE


def filed_as(report: WeeklyReport) -> Standing:
    """Return in which way a filed report was filed: a zero report, in time or late."""
    if report.is_zero:
        return Standing.ZERO
    is_in_time = report.filed_at is not None and report.filed_at <= report.due_at
    return Standing.ON_TIME if is_in_time else Standing.LATE


def condition(standing: Standing, now: dt.datetime) -> Q:
    """Return the condition under which rows stand so at the aware moment `now`."""
    kept = Q(excused_at=None, accepted_at=None)
    filed, owed = kept & Q(filed_at__isnull=False), kept & Q(filed_at=None)
    waiting = owed & Q(returned_at=None)
    return {
        Standing.EXCUSED: Q(excused_at__isnull=False),
        Standing.ACCEPTED: Q(excused_at=None, accepted_at__isnull=False),
        Standing.ZERO: filed & Q(is_zero=True),
        Standing.ON_TIME: filed & Q(is_zero=False, filed_at__lte=F("due_at")),
        Standing.LATE: filed & Q(is_zero=False, filed_at__gt=F("due_at")),
        Standing.RETURNED: owed & Q(returned_at__isnull=False),
        Standing.MISSING: waiting & Q(due_at__lt=now),
        Standing.DUE: waiting & Q(due_at__gte=now, due_at__lt=now + COMES_DUE),
        Standing.NOT_DUE: waiting & Q(due_at__gte=now + COMES_DUE),
    }[standing]
