"""What the trail has to tell of weekly reports: by reviewers, unit heads and units that ask for time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from reports.campaigns.models import Campaign
from reports.weekly import extending, reviewing
from reports.weekly.models import WeeklyReport
from tests.personas import World
from tests.portal.identity_steps import browser_of
from tests.reports.reports_owed import again, decide, decide_many, filed, owed
from tests.units.trail_ways import Row, Told, post
from units.models import Deed

REPORT = "weekly.weeklyreport"
Report = Callable[[World], WeeklyReport]
NINE_DAYS = f"{timezone.now() + dt.timedelta(days=9):%Y-%m-%dT%H:%M}"


def accepted(world: World) -> WeeklyReport:
    """Return a report that a reviewer has accepted."""
    return reviewing.accept(filed(world), actor=world.reviewer)


def asked(world: World) -> WeeklyReport:
    """Return a report for which more time is asked."""
    return extending.ask(owed(world), actor=world.liaison)


def to_sign(world: World) -> WeeklyReport:
    """Return a filed report that the unit head has to sign."""
    Campaign.objects.filter(pk=world.campaign.pk).update(asks_signature=True)
    return again(filed(world))


def decided(
    verb: str, row: Deed, report: Callable[[World], WeeklyReport], *along: str, **told: object
) -> Row:
    """Return the row of a decision on one report."""
    return Row(
        row,
        Told(
            lambda w: decide(browser_of(w.reviewer), report(w), verb, **told),
            "reviewer",
            REPORT,
            along=dict.fromkeys(along, 1),
        ),
    )


REPORTS: dict[str, Row] = {
    "file a text": Row(
        Deed.FILE,
        Told(
            lambda w: post(w, "liaison", f"/weekly/{owed(w).pk}/file/", progress="完成。"), "liaison", REPORT
        ),
    ),
    "accept a report": decided("accept", Deed.ACCEPT, filed, "file"),
    "accept reports": Row(
        Deed.ACCEPT,
        Told(
            lambda w: decide_many(browser_of(w.reviewer), "accept", [filed(w)]),
            "reviewer",
            REPORT,
            along={"file": 1},
        ),
    ),
    "return a report": decided("return", Deed.RETURN, filed, "file", note="缺"),
    "reopen a report": decided("reopen", Deed.REOPEN, accepted, "file", "accept", note="误"),
    "excuse a report": decided("excuse", Deed.EXCUSE, owed, note="停课"),
    "extend a report": decided(
        "extend",
        Deed.EXTEND,
        owed,
        note="停电",
        due_at=NINE_DAYS,
    ),
    "decline a request": decided("refuse", Deed.REFUSE, asked, "ask", note="按时报"),
    "sign a report": Row(
        Deed.SIGN,
        Told(lambda w: post(w, "head", f"/weekly/{to_sign(w).pk}/sign/"), "head", REPORT, along={"file": 1}),
    ),
    "ask for more time": Row(
        Deed.ASK,
        Told(lambda w: post(w, "liaison", f"/weekly/{owed(w).pk}/ask/", note="停电"), "liaison", REPORT),
    ),
}
