"""Whom an urging would reach, and whom not and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign
from reports.weekly.board.asking import Asked
from reports.weekly.models import Standing, Urging, WeeklyReport
from reports.weekly.querysets import WeeklyReportQuerySet
from reports.weekly.standings import condition
from reports.weekly.steering import steered_by
from units import scope
from units.models import Account, Unit
from units.rules import RuleError

# Nobody is urged twice within this time about the same report.
QUIET = dt.timedelta(hours=24)
OWING = (Standing.MISSING, Standing.DUE, Standing.RETURNED)
# A longer list is read by nobody before they confirm it.
MOST_REPORTS = 5000


@dataclass(frozen=True, slots=True)
class Debtor:
    """One owed report, how it stands, and who would be told: by mail, and in the portal alone."""

    report: WeeklyReport
    standing: Standing
    mailed: list[Account]
    unmailed: list[Account]
    urged_at: dt.datetime | None = None

    @property
    def has_nobody(self) -> bool:
        """Say whether nobody reports for the unit, so that the notice waits for whoever will."""
        return not self.mailed and not self.unmailed


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen: who is urged, who was lately, and what can no longer be filed."""

    urged: list[Debtor]
    quiet: list[Debtor]
    closed: list[Debtor]


def owing(now: dt.datetime) -> Q:
    """Return the condition under which a report is owed at the moment `now`: due, missing or returned."""
    kept = Q(pk__in=())
    for standing in OWING:
        kept |= condition(standing, now)
    return kept


def urgeable(user: scope.Person, now: dt.datetime) -> WeeklyReportQuerySet:
    """Return the owed reports of the units at which the person may urge."""
    reports: WeeklyReportQuerySet = WeeklyReport.objects.filter(steered_by(user).condition("unit__path"))
    return reports.filter(owing(now)).select_related("unit__kind", "period__campaign")


def preview(campaign: Campaign, asked: Asked, *, actor: Account, now: dt.datetime) -> Preview:
    """Return whom an urging of what the filters leave would reach, in the order of week and tree.

    Raises: RuleError `too_many`. Queries: at most nine.
    """
    owed = urgeable(actor, now).of_campaign(campaign).filter(asked.places("unit__"), asked.standing(now))
    reports = list(owed.order_by("-period__number", "unit__path")[: MOST_REPORTS + 1])
    if len(reports) > MOST_REPORTS:
        message = _("More than %(number)d reports are owed here; narrow the board down to a week first.")
        raise RuleError("too_many", message % {"number": MOST_REPORTS})
    found = debtors(reports, now)
    last = last_urged(reports)
    lately = {pk for pk, at in last.items() if at > now - QUIET}
    fileable = [one for one in found if now <= one.report.close_at]
    return Preview(
        urged=[one for one in fileable if one.report.pk not in lately],
        quiet=[one for one in fileable if one.report.pk in lately],
        closed=[one for one in found if now > one.report.close_at],
    )


def debtors(reports: Iterable[WeeklyReport], now: dt.datetime) -> list[Debtor]:
    """Return the reports with the people who report for their units. Queries: five."""
    listed = list(reports)
    units: dict[int, Unit] = {report.unit_id: report.unit for report in listed}
    people = scope.holders_at(units.values(), scope.REPORT)
    last = last_urged(listed)
    return [
        Debtor(
            report,
            report.standing(now),
            [person for person in people[report.unit_id] if person.email],
            [person for person in people[report.unit_id] if not person.email],
            last.get(report.pk),
        )
        for report in listed
    ]


def last_urged(reports: Iterable[WeeklyReport]) -> dict[int, dt.datetime]:
    """Return when each of the reports was urged last, by its key; of those that ever were. Queries: one."""
    wanted = [report.pk for report in reports]
    rows = Urging.objects.filter(report__in=wanted).order_by().values_list("report_id")
    return dict(rows.annotate(last=Max("at")))
