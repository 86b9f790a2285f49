"""The demonstration's people: invented, named by surname and function."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from portal.demonstration.accounts import DOMAIN
from portal.demonstration.units import Places
from units import audit, teams
from units.accounts import appoint
from units.models import Account, Deed, Team, TeamMember, Unit
from units.roles import ADMINISTRATOR, AUDITOR, HEAD, LEADER, LIAISON, REVIEWER, Role

# One surname per reporting unit, in the order of the codes.
SURNAMES = "陈林黄吴符郑周王李张刘杨赵徐孙马朱胡郭何高罗梁宋谢唐韩曹许邓冯曾彭蒋蔡潘田董袁于余叶"
BUREAU_PEOPLE: list[tuple[str, str, Role]] = [
    ("reviewer", "苏科长", REVIEWER),
    ("reviewer2", "钟科员", REVIEWER),
    ("leader", "程副局长", LEADER),
    ("administrator", "沈工程师", ADMINISTRATOR),
    ("auditor", "姚科长", AUDITOR),
]
TEAM_NAMES = [f"第{number}巡回指导组" for number in "一二三四五"]
TEAM_LEADERS = ["卢组长", "丁组长", "魏组长", "薛组长", "贾组长"]
TEAM_MEMBERS = ["方组员", "石组员", "崔组员", "康组员", "毛组员"]
TEAM_EXPERTS = ["江教授", "白教授", "孟研究员", "秦教授", "尹研究员"]


@dataclass(frozen=True, slots=True)
class People:
    """Who acts in the demonstration; `liaisons` by the number of their unit."""

    liaisons: dict[int, Account]
    reviewers: list[Account]


def make_people(places: Places, password: str) -> People:
    """Open every account, appoint it to its role, form the teams.

    All accounts carry one hash of the one password: sixty runs of argon2 would take seconds.
    """
    secret = make_password(password)
    liaisons = _open(
        [_liaison(places, *pair) for pair in zip(places.reporting, SURNAMES, strict=True)], secret
    )
    for account in liaisons:
        appoint(account, LIAISON, actor=None, unit=account.unit)
    [head] = _open([_account("head", "许校长", places.show_case)], secret)
    appoint(head, HEAD, actor=None, unit=places.show_case)
    officials = _open([_account(login, name, places.bureau) for login, name, _role in BUREAU_PEOPLE], secret)
    for account, (_login, _name, role) in zip(officials, BUREAU_PEOPLE, strict=True):
        appoint(account, role, actor=None, unit=places.bureau if role.permission else None)
    _form_teams(places, secret)
    return People(
        {account.unit_id: account for account in liaisons if account.unit_id is not None}, officials[:2]
    )


def _liaison(places: Places, unit: Unit, surname: str) -> Account:
    """Return the unsaved account of a unit's liaison; the international college reads English."""
    username = "liaison" if unit == places.show_case else f"liaison-{unit.code.lower()}"
    account = _account(username, f"{surname}老师", unit)
    if unit.kind.code == "international_college":
        account.language = Account.Language.ENGLISH
    return account


def _account(username: str, name: str, unit: Unit) -> Account:
    return Account(username=username, name=name, unit=unit, email=f"{username}@{DOMAIN}")


def _open(accounts: list[Account], secret: str) -> list[Account]:
    """Store accounts whose password is hashed already, with the audit row of each."""
    for account in accounts:
        account.password = secret
    stored = Account.objects.bulk_create(accounts)
    audit.record_many(
        audit.entry(
            Deed.CREATE,
            actor=None,
            subject=account,
            unit=account.unit,
            changes={"username": account.username},
        )
        for account in stored
    )
    return stored


def _form_teams(places: Places, secret: str) -> None:
    """Form five patrol teams that cover each unit once."""
    affiliated, schools = places.of_kind("affiliated"), places.of_kind("school")
    universities = places.of_kind("private_university") + places.of_kind("international_college")
    covered = [affiliated[:6], affiliated[6:], universities, schools[:12], schools[12:]]
    leaders = [
        _account("member" if number == 4 else f"team-{number}", name, places.bureau)
        for number, name in enumerate(TEAM_LEADERS, 1)
    ]
    members = [
        _account(f"team-{number}-member", name, places.bureau) for number, name in enumerate(TEAM_MEMBERS, 1)
    ]
    accounts = zip(_open(leaders, secret), _open(members, secret), TEAM_EXPERTS, strict=True)
    for name, units, (leader, member, expert) in zip(TEAM_NAMES, covered, accounts, strict=True):
        team = teams.form(Team(name=name, kind=Team.Kind.PATROL), actor=None)
        _enlist(team, leader.name, TeamMember.Role.LEADER, leader)
        _enlist(team, member.name, TeamMember.Role.MEMBER, member)
        _enlist(team, expert, TeamMember.Role.EXPERT, None)
        teams.cover(team, units, actor=None)


def _enlist(team: Team, name: str, role: TeamMember.Role, account: Account | None) -> None:
    teams.enlist(TeamMember(team=team, account=account, name=name, role=role), actor=None)
