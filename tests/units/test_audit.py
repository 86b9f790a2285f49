"""No audit, no deed: what cannot be written down does not happen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import DatabaseError
from django.utils import timezone

from reports.records import bulk, workflow
from reports.records.models import ActivityRecord, Transition
from reports.reorganisation import merging
from reports.statistics.models import StaleCell
from reports.weekly import extending, filing, reviewing
from reports.weekly.models import WeeklyReport
from tests.personas import PASSWORD, World, unit
from tests.reports.ledger_files import bring, ledger, row
from tests.units.test_inviting import line
from units import accounts, lifecycle, mail, passwords, registry, scope, standing, teams, tree
from units.accounts import appoint, dismiss, open_account
from units.importing.carrying_out import carry_out
from units.importing.plan import Options
from units.importing.table import find_table
from units.inviting.carrying_out import invite
from units.models import Account, AuditEntry, Deed, Mail, Team, TeamMember, TeamUnit, Unit, UnitKind
from units.roles import LEADER, LIAISON
from units.workbooks.reading import read

Named = TypeVar("Named", Unit, UnitKind)


class AuditIsFullError(DatabaseError):
    """What the tests let the audit table say."""


@pytest.fixture
def full_audit(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after whose call no audit row can be written."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AuditIsFullError

    def begin() -> None:
        monkeypatch.setattr(AuditEntry, "save", refuse)
        monkeypatch.setattr("units.audit.insert", refuse)

    return begin


def state_of_the_world() -> dict[str, list[object]]:
    """Return what the verbs below could change, row by row."""
    return {
        "records": list(ActivityRecord.objects.order_by("pk").values("pk", "status", "version", "title")),
        "steps": list(Transition.objects.order_by("pk").values_list("pk")),
        "marks": list(StaleCell.objects.order_by("pk").values_list("pk")),
        "weekly": list(WeeklyReport.objects.order_by("pk").values("pk", "filed_at", "version", "progress")),
        "accounts": list(Account.objects.order_by("pk").values()),
        "units": list(Unit.objects.order_by("pk").values()),
        "kinds": list(UnitKind.objects.order_by("pk").values()),
        "teams": list(Team.objects.order_by("pk").values("pk")),
        "members": list(TeamMember.objects.order_by("pk").values()),
        "coverage": list(TeamUnit.objects.order_by("pk").values()),
        "mail": list(Mail.objects.order_by("pk").values()),
        "audit": list(AuditEntry.objects.order_by("pk").values("pk")),
        "reach": [
            scope.reach(account, *scope.READ)
            for account in Account.objects.filter(is_active=True).order_by("pk")
        ],
    }


Deeds = dict[str, Callable[[World, ActivityRecord, ActivityRecord], object]]
DEEDS: Deeds = {
    "create": lambda w, _d, _s: w.draft(),
    "edit": lambda w, draft, _s: workflow.edit(draft, w.content(title="改"), actor=w.liaison),
    "submit": lambda w, draft, _s: workflow.submit(draft, actor=w.liaison),
    "void": lambda w, draft, _s: workflow.void(draft, actor=w.liaison),
    "approve": lambda w, _d, waiting: workflow.approve(waiting, actor=w.reviewer),
    "send back": lambda w, _d, waiting: workflow.send_back(waiting, actor=w.reviewer, note="缺"),
    "approve many": lambda w, _d, waiting: bulk.approve_many([waiting.pk], actor=w.reviewer),
    "send back many": lambda w, _d, waiting: bulk.send_back_many([waiting.pk], actor=w.reviewer, note="缺"),
    "import a ledger": lambda w, _d, _s: bring(ledger(w, row(w, "甲")), w.liaison),
    "file": lambda w, _d, _s: filing.file(owed(w), actor=w.liaison, progress="做了"),
    "file zero": lambda w, _d, _s: filing.file_zero(owed(w, week=-2), actor=w.liaison, reason="停课"),
    "accept a report": lambda w, _d, _s: reviewing.accept(filed(w), actor=w.reviewer),
    "return a report": lambda w, _d, _s: reviewing.send_back(filed(w), actor=w.reviewer, note="缺"),
    "excuse": lambda w, _d, _s: extending.excuse(owed(w), actor=w.reviewer, note="停课"),
    "extend": lambda w, _d, _s: extending.extend(
        owed(w), actor=w.reviewer, due_at=timezone.now() + dt.timedelta(days=30), note="停电"
    ),
    "ask": lambda w, _d, _s: extending.ask(owed(w), actor=w.liaison),
    "open account": lambda w, _d, _s: open_account(Account(username="n", name="n"), PASSWORD, actor=None),
    "appoint": lambda w, _d, _s: appoint(w.newcomer, LIAISON, actor=None, unit=w.school),
    "appoint everywhere": lambda w, _d, _s: appoint(w.liaison, LEADER, actor=None),
    "dismiss": lambda w, _d, _s: dismiss(w.liaison, LIAISON, actor=None, unit=w.school),
    "plant": lambda w, _d, _s: unit("S11", "东校区", "school", w.school),
    "form": lambda w, _d, _s: teams.form(Team(name="t", kind=Team.Kind.PATROL), actor=None),
    "enlist": lambda w, _d, _s: teams.enlist(
        TeamMember(team=Team.objects.get(), account=w.newcomer, name="n"), actor=None
    ),
    "cover": lambda w, _d, _s: teams.cover(Team.objects.get(), [w.other_school], actor=None),
    "release": lambda w, _d, _s: teams.release(TeamMember.objects.get(), actor=w.administrator),
    "uncover": lambda w, _d, _s: teams.uncover(TeamUnit.objects.get(), actor=w.administrator),
    "move": lambda w, _d, _s: tree.move(w.school, w.other_school, actor=w.administrator),
    "close": lambda w, _d, _s: lifecycle.close(w.school, on=w.today, actor=w.administrator),
    "open again": lambda w, _d, _s: lifecycle.reopen(w.closed_school, actor=w.administrator),
    "amend a unit": lambda w, _d, _s: lifecycle.amend(renamed(w.school), ["name"], actor=w.administrator),
    "repair paths": lambda w, _d, _s: tree.repair_paths(actor=None),
    "merge": lambda w, _d, _s: merging.merge(w.school, w.other_school, on=w.today, actor=w.administrator),
    "split": lambda w, _d, _s: merging.split(w.school, east(w), [w.liaison], actor=w.administrator),
    "import units": lambda w, _d, _s: import_units(w.administrator),
    "invite": lambda w, _d, _s: invite([line(unit="S1", role="联络员")], actor=w.administrator),
    "hand over": lambda w, _d, _s: accounts.hand_over(w.liaison, w.stranger, actor=w.administrator),
    "disable": lambda w, _d, _s: standing.disable(w.liaison, actor=w.administrator),
    "enable": lambda w, _d, _s: standing.enable(w.newcomer, actor=w.administrator),
    "first password": lambda w, _d, _s: accounts.set_initial_password(w.liaison, actor=w.administrator),
    "new password": lambda w, _d, _s: passwords.change_password(
        w.liaison, "seven quiet mountains walk north", actor=w.liaison, way="present password"
    ),
    "change a setting": lambda w, _d, _s: registry.amend(
        renamed(UnitKind.objects.get(code="school")), ["name"], actor=w.administrator
    ),
    "send a mail again": lambda w, _d, _s: mail.resend(Mail.objects.all(), actor=w.administrator),
}
# Every other deed is one row. What moves with a unit, or comes with a list, has a row of its own.
ROWS = {
    # Both units, and the grants of liaison, head and team with the homes of two of them.
    "merge": {"merge": 2, "revoke": 3, "grant": 3, "change": 2},
    "split": {"split": 1, "create": 1, "revoke": 1, "grant": 2, "change": 1},
    "import a ledger": {"create": 1, "submit": 1},
    "import units": {"import": 1, "create": 1, "change": 2},
    "invite": {"create": 1, "password_change": 1, "grant": 1},
    "hand over": {"hand_over": 1, "revoke": 1, "grant": 1},
    "enable": {"enable": 1, "password_change": 1},
}


def renamed(row: Named) -> Named:
    """Return the row with another name, not stored yet."""
    row.name = "改名"
    return row


def east(world: World) -> Unit:
    """Return a unit to split off."""
    return Unit(code="S1B", name="东校区", kind=world.school.kind)


def import_units(actor: Account) -> None:
    """Import a list that plants one unit, renames one and moves one."""
    rows = [
        "代码,名称,类型,上级代码",
        "S4,第四中学,school,B",
        "S1,改名,school,B",
        "S2,滨海市第二中学,school,S1",
    ]
    table = find_table(read("\n".join(rows).encode(), "list.csv"))
    carry_out(table, Options(), actor=actor, source="list.csv")


def before_the_deed(world: World, deed: str) -> tuple[ActivityRecord, ActivityRecord]:
    """Return a draft and a record that waits; a report is filed, one account is disabled, one mail failed."""
    if deed == "repair paths":
        # As somebody with the database's password would: past every verb.
        Unit.objects.filter(pk=world.other_school.pk).update(path="wrong")
    Account.objects.filter(pk=world.newcomer.pk).update(is_active=False)
    Mail.objects.create(
        key="k", person=world.liaison, address="l@example.org", subject="s", text="t", state=Mail.State.FAILED
    )
    report = WeeklyReport.objects.get(unit=world.other_school, period=world.period)
    filing.file(report, actor=world.stranger, progress="做了")
    return world.draft(), world.submitted()


def owed(world: World, week: int = -1) -> WeeklyReport:
    """Return what the liaison's school owes for this week, or for the one before, which has no records."""
    rows: list[WeeklyReport] = list(WeeklyReport.objects.filter(unit=world.school).order_by("period__number"))
    return rows[week]


def filed(world: World) -> WeeklyReport:
    """Return the report that the stranger has filed."""
    report: WeeklyReport = WeeklyReport.objects.get(unit=world.other_school, filed_at__isnull=False)
    return report


@pytest.mark.parametrize("deed", DEEDS)
def test_c32_a_deed_that_cannot_be_written_down_is_not_done(
    world: World, full_audit: Callable[[], None], deed: str
) -> None:
    draft, waiting = before_the_deed(world, deed)
    before = state_of_the_world()
    full_audit()
    with pytest.raises(AuditIsFullError):
        DEEDS[deed](world, draft, waiting)
    assert state_of_the_world() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_the_same_deed_is_done_and_written_down_otherwise(world: World, deed: str) -> None:
    draft, waiting = before_the_deed(world, deed)
    before, last = state_of_the_world(), AuditEntry.objects.latest("pk").pk
    DEEDS[deed](world, draft, waiting)
    assert state_of_the_world() != before
    told = Counter(AuditEntry.objects.filter(pk__gt=last).values_list("deed", flat=True))
    assert dict(told) == ROWS[deed] if deed in ROWS else told.total() == 1


def test_a_row_keeps_the_name_at_that_time_and_the_old_and_new_content(world: World) -> None:
    draft = world.draft()
    workflow.edit(draft, world.content(title="新题"), actor=world.liaison)
    Account.objects.filter(pk=world.liaison.pk).update(name="改名")
    entry = AuditEntry.objects.filter(deed=Deed.CHANGE).latest("id")
    assert (entry.actor_name, entry.unit, entry.object_id) == ("一中联络员", world.school, str(draft.pk))
    assert entry.changes == {"title": ["宣讲进校园", "新题"]}


def test_the_trail_outlives_its_unit(world: World) -> None:
    lost = unit("S9", "撤并小学", "school", world.bureau)
    pk = lost.pk
    lost.delete()
    assert AuditEntry.objects.filter(unit_id=pk).count() == 1
