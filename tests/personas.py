"""The people and the small world that most tests share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils import timezone

from reports.campaigns.designing import design_of
from reports.campaigns.models import ActivityType, Campaign, Indicator, Period
from reports.campaigns.opening import ensure_periods
from reports.records import workflow
from reports.records.backgrounds import Case, doubts_about
from reports.records.content import Content
from reports.records.models import ActivityRecord
from reports.weekly.obligations import ensure_reports
from units import teams
from units.accounts import appoint, open_account
from units.models import Account, Team, TeamMember, Unit, UnitKind
from units.roles import ADMINISTRATOR, AUDITOR, HEAD, LEADER, LIAISON, REVIEWER, Role
from units.tree import plant

PASSWORD = "correct horse battery staple"


@dataclass
class World:
    """One bureau with three schools, one campaign of which three weeks have begun, one person per role.

    `stranger` reports for `other_school`; `newcomer` is staff without any role; `team_member` sees `school`.
    """

    bureau: Unit
    school: Unit
    other_school: Unit
    closed_school: Unit
    campaign: Campaign
    lecture: ActivityType
    liaison: Account
    head: Account
    stranger: Account
    reviewer: Account
    second_reviewer: Account
    team_member: Account
    leader: Account
    administrator: Account
    auditor: Account
    newcomer: Account

    @property
    def period(self) -> Period:
        """Return the week that holds today."""
        period: Period = Period.objects.containing(self.today).select_related("campaign").get()
        return period

    @property
    def today(self) -> dt.date:
        """Return the campaign's day."""
        return self.campaign.today(timezone.now())

    def content(self, **changed: object) -> Content:
        """Return complete content for a record of `lecture` held today."""
        facts: dict[str, object] = {
            "held_on": self.today,
            "title": "宣讲进校园",
            "place": "报告厅",
            "text": "面向全体教师。",
            "values": {"sessions": 1, "onsite": 120, "online": 300},
        }
        return Content(**(facts | changed))  # type: ignore[arg-type]

    def draft(self, **changed: object) -> ActivityRecord:
        """Return a draft of the liaison's school."""
        return workflow.create(self.school, self.lecture, self.content(**changed), actor=self.liaison)

    def submitted(self, **changed: object) -> ActivityRecord:
        """Return a record that waits for review."""
        return workflow.submit(self.draft(**changed), actor=self.liaison)

    def approved(self, **changed: object) -> ActivityRecord:
        """Return a record that counts."""
        return workflow.approve(self.submitted(**changed), actor=self.reviewer)

    def foreign(self, **changed: object) -> ActivityRecord:
        """Return a submitted record of the stranger's school."""
        elsewhere = self.content(**({"place": "二中礼堂"} | changed))
        record = workflow.create(self.other_school, self.lecture, elsewhere, actor=self.stranger)
        return workflow.submit(record, actor=self.stranger)


def explained(
    at: Unit, activity_type: ActivityType, content: Content, record: ActivityRecord | None = None
) -> Content:
    """Return the content with an explanation for everything that is doubtful about it."""
    case = Case(at, activity_type.pk, content, design_of(activity_type), record.pk if record else None)
    [found] = doubts_about([case])
    return replace(content, reasons={doubt.key: "情况属实" for doubt in found})


def person(username: str, name: str, *roles: tuple[Role, Unit | None], unit: Unit | None = None) -> Account:
    """Open an account with the given roles."""
    account = Account(username=username, name=name, unit=unit, email=f"{username}@example.org")
    open_account(account, PASSWORD, actor=None)
    for role, at in roles:
        appoint(account, role, actor=None, unit=at)
    return account


def unit(code: str, name: str, kind: str, parent: Unit | None = None, **facts: object) -> Unit:
    """Plant one unit."""
    row = Unit(code=code, name=name, kind=UnitKind.objects.get(code=kind), parent=parent, **facts)
    return plant(row, actor=None)


def lecture_type(campaign: Campaign) -> ActivityType:
    """Add the type 宣讲 with sessions, onsite and online attendances."""
    lecture = ActivityType.objects.create(campaign=campaign, code="lecture", name="宣讲")
    for position, (code, name, measure) in enumerate(
        [("sessions", "场次", "场"), ("onsite", "线下人次", "人次"), ("online", "线上人次", "人次")]
    ):
        Indicator.objects.create(
            activity_type=lecture,
            code=code,
            name=name,
            unit_of_measure=measure,
            position=position,
            minimum=1 if code == "sessions" else 0,
            maximum=1_000_000,
            is_required=code != "online",
            is_shared=code == "sessions",
        )
    return lecture


def make_world() -> World:
    """Store the small world and return it."""
    bureau = unit("B", "滨海市教育局", "bureau")
    school = unit("S1", "滨海市第一中学", "school", bureau)
    other = unit("S2", "滨海市第二中学", "school", bureau)
    now = timezone.now()
    today = timezone.localdate(now)
    closed = unit("S3", "滨海市老城小学", "school", bureau, closed_on=today - dt.timedelta(days=7))
    campaign = Campaign.objects.create(
        code="study",
        name="主题教育",
        starts_on=today - dt.timedelta(days=14),
        ends_on=today + dt.timedelta(days=90),
    )
    lecture = lecture_type(campaign)
    ensure_periods(campaign, now=now)
    ensure_reports(campaign, now=now)
    team_member = person("member", "巡回指导员")
    team = teams.form(Team(name="第一巡回指导组", kind=Team.Kind.PATROL), actor=None)
    teams.enlist(TeamMember(team=team, account=team_member, name="巡回指导员"), actor=None)
    teams.cover(team, [school], actor=None)
    newcomer = person("newcomer", "新职员")
    Account.objects.filter(pk=newcomer.pk).update(is_staff=True)
    newcomer.refresh_from_db()
    return World(
        bureau=bureau,
        school=school,
        other_school=other,
        closed_school=closed,
        campaign=campaign,
        lecture=lecture,
        liaison=person("liaison", "一中联络员", (LIAISON, school), unit=school),
        head=person("head", "一中负责人", (HEAD, school), unit=school),
        stranger=person("stranger", "二中联络员", (LIAISON, other), unit=other),
        reviewer=person("reviewer", "审核员甲", (REVIEWER, bureau), unit=bureau),
        second_reviewer=person("reviewer2", "审核员乙", (REVIEWER, bureau), unit=bureau),
        team_member=team_member,
        leader=person("leader", "局领导", (LEADER, None), unit=bureau),
        administrator=person("administrator", "系统管理员", (ADMINISTRATOR, None), unit=bureau),
        auditor=person("auditor", "审计员", (AUDITOR, None), unit=bureau),
        newcomer=newcomer,
    )
