"""A bureau of 3,000 units that has reported for 52 weeks, in every way in which a report can stand."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from bench.scale import tree
from bench.scale.pouring import pour
from reports.campaigns.models import Campaign, Period
from reports.campaigns.opening import ensure_periods
from reports.weekly.models import WeeklyReport
from units.accounts import appoint, open_account
from units.models import Account, Unit, UnitKind
from units.roles import LEADER, REVIEWER

N_UNITS, N_WEEKS = 3000, 52
SEED = 20_260_302
FIELDS = ("unit", "period", "due_at", "close_at", "is_zero", "reason", "filed_at", "returned_at",
          "return_reason", "n_returns", "accepted_at", "excused_at", "excuse")  # fmt: skip
WAYS = ["in time"] * 70 + ["accepted"] * 10 + ["late"] * 7 + ["zero"] * 6 + ["never"] * 4
WAYS += ["returned"] * 2 + ["excused"]


def fill(password: str) -> None:
    """Store the units, a leader, a reviewer, the campaign and what was owed."""
    kinds = dict(UnitKind.objects.values_list("code", "pk"))
    pour(Unit, tree.FIELDS, tree.units(N_UNITS + 1, kinds))
    root = Unit.objects.get(parent=None)
    for username, role, at in (("leader", LEADER, None), ("reviewer", REVIEWER, root)):
        account = Account(username=username, name=username)
        open_account(account, password, actor=None)
        Account.objects.filter(pk=account.pk).update(password_is_initial=False)
        appoint(account, role, actor=None, unit=at)
    now, today = timezone.now(), timezone.localdate()
    first = today - dt.timedelta(days=today.weekday() + 7 * (N_WEEKS - 1))
    campaign = Campaign.objects.create(
        code="study", name="主题教育", starts_on=first, ends_on=today + dt.timedelta(days=28)
    )
    ensure_periods(campaign, now=now)
    weeks = list(campaign.periods.weekly().filter(starts_on__lte=today).order_by("number"))
    pour(WeeklyReport, FIELDS, _reports(weeks, now))


def _reports(weeks: list[Period], now: dt.datetime) -> Iterator[tuple[Any, ...]]:
    """Yield what every unit but the root owed for every week; seeded."""
    chance = random.Random(SEED)
    for unit in range(2, N_UNITS + 2):
        for week in weeks:
            yield unit, week.pk, week.due_at, week.close_at, *_deeds(chance.choice(WAYS), week.due_at, now)


def _deeds(way: str, due_at: dt.datetime, now: dt.datetime) -> tuple[Any, ...]:
    """Return what became of one report; what would lie in the future has not happened."""
    early, late = due_at - dt.timedelta(hours=9), due_at + dt.timedelta(hours=9)
    if early > now:
        way = "never"
    filed = {"in time": early, "accepted": early, "zero": early, "late": late}.get(way)
    is_zero, is_excused = way == "zero", way == "excused"
    return (
        is_zero, "期中考试" if is_zero else "", filed,
        late if way == "returned" else None, "人次不符" if way == "returned" else "", int(way == "returned"),
        late if way == "accepted" else None, early if is_excused else None, "停课" if is_excused else "",
    )  # fmt: skip
