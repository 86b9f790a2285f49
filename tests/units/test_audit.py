"""No audit, no deed: what cannot be written down does not happen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError

from reports.records import bulk, workflow
from reports.records.models import ActivityRecord, Transition
from reports.statistics.models import StaleCell
from reports.weekly import filing
from reports.weekly.models import WeeklyReport
from tests.personas import PASSWORD, World, unit
from units import scope, teams
from units.accounts import appoint, dismiss, open_account
from units.models import Account, AuditEntry, Deed, Team, TeamMember, Unit
from units.roles import LEADER, LIAISON


class AuditIsFullError(DatabaseError):
    """What the tests let the audit table say."""


@pytest.fixture
def full_audit(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after whose call no audit row can be written."""

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AuditIsFullError

    def begin() -> None:
        monkeypatch.setattr(AuditEntry, "save", refuse)
        monkeypatch.setattr(AuditEntry.objects, "bulk_create", refuse)

    return begin


def state_of_the_world() -> dict[str, list[object]]:
    """Return what the verbs below could change, row by row."""
    return {
        "records": list(ActivityRecord.objects.order_by("pk").values("pk", "status", "version", "title")),
        "steps": list(Transition.objects.order_by("pk").values_list("pk")),
        "marks": list(StaleCell.objects.order_by("pk").values_list("pk")),
        "weekly": list(WeeklyReport.objects.order_by("pk").values("pk", "filed_at", "version", "progress")),
        "accounts": list(Account.objects.order_by("pk").values("pk", "username", "is_staff")),
        "units": list(Unit.objects.order_by("pk").values("pk", "path")),
        "teams": list(Team.objects.order_by("pk").values("pk")),
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
    "file": lambda w, _d, _s: filing.file(owed(w), actor=w.liaison, progress="做了"),
    "file zero": lambda w, _d, _s: filing.file_zero(owed(w), actor=w.liaison, reason="停课"),
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
}


def owed(world: World) -> WeeklyReport:
    """Return what the liaison's school owes for this week."""
    report: WeeklyReport = WeeklyReport.objects.get(unit=world.school, period=world.period)
    return report


@pytest.mark.parametrize("deed", DEEDS)
def test_c32_a_deed_that_cannot_be_written_down_is_not_done(
    world: World, full_audit: Callable[[], None], deed: str
) -> None:
    draft, waiting = world.draft(), world.submitted()
    before = state_of_the_world()
    full_audit()
    with pytest.raises(AuditIsFullError):
        DEEDS[deed](world, draft, waiting)
    assert state_of_the_world() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_the_same_deed_is_done_and_written_down_otherwise(world: World, deed: str) -> None:
    draft, waiting = world.draft(), world.submitted()
    before, n_rows = state_of_the_world(), AuditEntry.objects.count()
    DEEDS[deed](world, draft, waiting)
    assert state_of_the_world() != before
    assert AuditEntry.objects.count() == n_rows + 1


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
