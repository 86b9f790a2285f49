"""What the mails about deadlines say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.campaigns.models import Campaign, Period
from reports.campaigns.wording import span
from reports.digests.letters import SpeakingTo, letter
from reports.weekly.models import WeeklyReport
from units.models import Account, Mail


@dataclass(frozen=True, slots=True)
class Matter:
    """What one person owes for one period by one moment: one report or those of several units."""

    person: Account
    period: Period
    due_at: dt.datetime
    reports: list[WeeklyReport]


def reminder(matter: Matter, key: str) -> Mail:
    """Return the mail that comes before the deadline, and that is no use after it."""
    mail = _about("reminder", matter, key, _reminding)
    mail.good_until = matter.due_at
    return mail


def overdue(matter: Matter, now: dt.datetime, key: str) -> Mail:
    """Return the mail that comes after the deadline, to those who still owe at the moment `now`."""
    closable = [report for report in matter.reports if report.close_at > now]
    return _about(
        "overdue", matter, key, _missing, closes_at=min((one.close_at for one in closable), default=None)
    )


def summary(campaign: Campaign, person: Account, reports: list[WeeklyReport], key: str) -> Mail:
    """Return what a reviewer is told of the deadlines of the last day: who is late and who is missing."""
    missing = [report for report in reports if report.filed_at is None]
    late = [report for report in reports if report.filed_at is not None]
    with SpeakingTo(person.language, campaign.zone):
        subject = _("%(campaign)s · reports missing: %(missing)d · late: %(late)d") % {
            "campaign": campaign,
            "missing": len(missing),
            "late": len(late),
        }
        facts = {"campaign": campaign, "missing": missing, "late": late}
        return letter("late", person, key=key, subject=subject, facts=facts)


def moment_words(moment: dt.datetime) -> str:
    """Return a moment with its weekday, in the language and zone of the reader."""
    words = pgettext("date format of a moment with its weekday", "D, N j, H:i")
    return date_format(timezone.localtime(moment), words)


def _about(name: str, matter: Matter, key: str, subject: Callable[[Matter], str], **facts: Any) -> Mail:
    """Return the mail of one matter in the reader's language."""
    campaign = matter.period.campaign
    with SpeakingTo(matter.person.language, campaign.zone):
        facts |= {"campaign": campaign, "matter": matter, "due": moment_words(matter.due_at)}
        return letter(name, matter.person, key=key, subject=subject(matter), facts=facts)


def _reminding(matter: Matter) -> str:
    """Return the subject of a reminder."""
    due = _("Due %(moment)s: weekly report, %(week)s")
    return due % {"moment": moment_words(matter.due_at), "week": _week(matter.period)}


def _missing(matter: Matter) -> str:
    """Return the subject of the mail after the deadline."""
    return _("Overdue: weekly report, %(week)s") % {"week": _week(matter.period)}


def _week(period: Period) -> str:
    """Return a week with its days."""
    return f"{period.label} ({span(period.starts_on, period.ends_on)})"
