"""Why a report cannot be filed now: which reason, by whom, since when, and the way out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.weekly.models import WeeklyReport


@dataclass(frozen=True, slots=True)
class Lock:
    """One reason; `may_ask` says whether more time is the way out."""

    code: str
    message: str
    may_ask: bool = False


def lock_of(report: WeeklyReport, now: dt.datetime) -> Lock | None:
    """Return what keeps the report from being filed at the aware moment `now`; None where nothing does."""
    if report.excused_at is not None or report.filed_at is not None:
        return _decided(report)
    if report.period.starts_on > report.period.campaign.today(now):
        told = {"period": report.period, "day": report.period.starts_on}
        return Lock("not_open", _("%(period)s begins on %(day)s and can be filed from then on.") % told)
    return _over(report, now) if now > report.close_at else None


def _decided(report: WeeklyReport) -> Lock:
    """Return the lock of a deed that was done."""
    period = report.period
    if report.excused_at is not None:
        message = _(
            "%(person)s excused %(period)s on %(moment)s: “%(reason)s”. Nothing is owed for it; to file a "
            "report all the same, ask the reviewers to take the excuse back."
        )
        told = {"person": report.excused_by, "period": period, "reason": report.excuse}
        return Lock("excused", message % (told | {"moment": shown(report, report.excused_at)}))
    if report.accepted_at is not None:
        message = _(
            "%(person)s accepted the report for %(period)s on %(moment)s; to change it, ask the reviewers "
            "to reopen it."
        )
        told = {"person": report.accepted_by, "period": period}
        return Lock("accepted", message % (told | {"moment": shown(report, report.accepted_at)}))
    message = _(
        "%(person)s filed the report for %(period)s on %(moment)s; to change it, ask the reviewers to "
        "return it."
    )
    told = {"person": report.filed_by, "period": period}
    return Lock("filed", message % (told | {"moment": shown(report, report.filed_at)}))


def _over(report: WeeklyReport, now: dt.datetime) -> Lock:
    """Return the lock of a last chance that has passed."""
    period, unit = report.period, report.unit
    today = period.campaign.today(now)
    told = {
        "period": period,
        "moment": shown(report, report.close_at),
        "unit": unit,
        "campaign": period.campaign,
    }
    if unit.closed_on is not None and unit.closed_on <= today:
        message = _(
            "%(unit)s was closed on %(day)s, and %(period)s could be filed until %(moment)s; "
            "with more time from the reviewers it can be filed again."
        )
        return Lock("unit_closed", message % (told | {"day": unit.closed_on}), may_ask=True)
    if period.campaign.ends_on < today:
        message = _(
            "“%(campaign)s” ended on %(day)s, and %(period)s could be filed until %(moment)s; "
            "with more time from the reviewers it can be filed again."
        )
        return Lock("campaign_over", message % (told | {"day": period.campaign.ends_on}), may_ask=True)
    message = _(
        "%(period)s was closed on %(moment)s by the deadline of “%(campaign)s”; "
        "with more time from the reviewers it can be filed again."
    )
    return Lock("closed", message % told, may_ask=True)


def shown(report: WeeklyReport, moment: dt.datetime | None) -> str:
    """Return a moment as a message tells it, by the campaign's clock."""
    return f"{moment.astimezone(report.period.campaign.zone):%Y-%m-%d %H:%M}" if moment is not None else ""
