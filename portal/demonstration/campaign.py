"""The demonstration's campaign: ten weeks have begun, thirteen types of activity."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.campaigns.models import ActivityType, Campaign, Indicator, Period
from reports.campaigns.opening import ensure_periods
from reports.campaigns.periods import week_start
from reports.weekly.obligations import ensure_reports

N_WEEKS = 10
N_WEEKS_PLANNED = 16


@dataclass(frozen=True, slots=True)
class Number:
    """One indicator and between which values it plausibly lies, in its smallest unit."""

    code: str
    name: str
    measure: str
    low: int
    high: int
    decimals: int = 0
    is_required: bool = True


SESSIONS = Number("sessions", "场次", "场", 1, 3)
ONSITE = Number("onsite", "线下人次", "人次", 0, 0)
ONLINE = Number("online", "线上人次", "人次", 0, 0, is_required=False)
PERSONS = Number("persons", "参与人数", "人", 18, 160)

# code, name, prescribed, guidance, indicators; attendances follow from the unit's size instead.
TYPES: list[tuple[str, str, bool, str, list[Number]]] = [
    ("study-class", "读书班", True, "领导班子和党员干部集中学习，一期算一次。",
     [SESSIONS, ONSITE, ONLINE, Number("days", "学习天数", "天", 1, 3)]),
    ("seminar", "集中研讨", True, "围绕一个专题交流发言。",
     [SESSIONS, ONSITE, Number("speakers", "交流发言", "人", 3, 12)]),
    ("party-lecture", "专题党课", True, "书记、班子成员或先进典型讲党课。", [SESSIONS, ONSITE, ONLINE]),
    ("lecture", "宣讲", False, "面向师生员工的宣讲报告。", [SESSIONS, ONSITE, ONLINE]),
    ("discussion", "大学习大研讨", False, "面向基层党组织的学习讨论。",
     [SESSIONS, ONSITE, ONLINE, Number("essays", "心得体会", "篇", 6, 80)]),
    ("research", "调研", True, "到一线听意见、查问题。",
     [SESSIONS, ONSITE, Number("places", "走访点位", "个", 1, 6),
      Number("problems", "发现问题", "个", 0, 7)]),
    ("visit", "参观见学、联学联建", False, "外出参观或与其他单位共同学习。",
     [SESSIONS, ONSITE, Number("partners", "联学单位", "个", 1, 4, is_required=False)]),
    ("observation", "听课评课", False, "听思政课并当场评议。",
     [SESSIONS, Number("lessons", "听课节数", "节", 2, 9), Number("teachers", "授课教师", "人", 2, 6)]),
    ("example", "典型案例", False, "报送党建创新典型案例。", [Number("cases", "案例数", "个", 1, 2)]),
    ("contest", "比学赶超", False, "干部业务比武和技能竞赛。", [SESSIONS, ONSITE, PERSONS]),
    ("party-day", "主题党日", True, "党支部每月一次的主题党日。", [SESSIONS, ONSITE, ONLINE]),
    ("service", "办实事", False, "为师生群众办成的实事。",
     [Number("deeds", "办结实事", "件", 1, 4), PERSONS,
      Number("funds", "投入资金", "万元", 40, 1850, decimals=2, is_required=False)]),
    ("reader", "专题读本", False, "编印、发放学习读本。",
     [Number("copies", "发放册数", "册", 40, 900), PERSONS]),
]  # fmt: skip

# What is sent up the line is read by two.
TWICE_REVIEWED = {"example"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The stored campaign with what hangs on it: weeks oldest first, types by their code."""

    campaign: Campaign
    weeks: list[Period]
    types: dict[str, ActivityType]


def first_day(today: dt.date) -> dt.date:
    """Return the Monday on which a campaign began whose tenth week holds `today`."""
    return week_start(today, 0) - dt.timedelta(weeks=N_WEEKS - 1)


def make_campaign(now: dt.datetime, today: dt.date) -> Frame:
    """Store the campaign, its types, its periods and what every unit owes."""
    begins = first_day(today)
    campaign = Campaign(
        code="theme-education",
        name="教育系统主题教育",
        starts_on=begins,
        ends_on=begins + dt.timedelta(weeks=N_WEEKS_PLANNED, days=-1),
    )
    campaign.full_clean()
    campaign.save()
    types = {code: _make_type(campaign, position) for position, (code, *_rest) in enumerate(TYPES)}
    ensure_periods(campaign, now=now)
    ensure_reports(campaign, now=now)
    weeks = list(campaign.periods.weekly().select_related("campaign").order_by("number"))
    return Frame(campaign, weeks, types)


def _make_type(campaign: Campaign, position: int) -> ActivityType:
    """Store one type with its indicators."""
    code, name, is_required, guidance, numbers = TYPES[position]
    activity_type = ActivityType(
        campaign=campaign,
        code=code,
        name=name,
        is_required=is_required,
        guidance=guidance,
        position=position,
        needs_second_review=code in TWICE_REVIEWED,
        n_minutes=2 + len(numbers) // 3,
    )
    activity_type.full_clean()
    activity_type.save()
    Indicator.objects.bulk_create(
        Indicator(
            activity_type=activity_type,
            code=number.code,
            name=number.name,
            unit_of_measure=number.measure,
            decimals=number.decimals,
            is_required=number.is_required,
            minimum=1 if number is SESSIONS else 0,
            maximum=1_000_000,
            heads="everybody" if number is ONSITE else "",
            is_shared=number is SESSIONS,
            position=place,
        )
        for place, number in enumerate(numbers)
    )
    return activity_type
