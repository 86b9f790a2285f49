"""The ways in which the deeds of the trail are done: on pages, by commands, by background tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from celery import Task
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reports.records.models import ActivityRecord
from reports.statistics.models import Cell
from reports.weekly.models import WeeklyReport
from tests.personas import World
from tests.portal.identity_steps import browser_of, code_of, signed_in
from units import audit
from units.models import Account, Deed, Mail, Team, Unit

LIST_OF_PEOPLE = "姓名,单位代码,角色,手机号,邮箱,登录名\n王小明,S1,联络员,,,"
LIST_OF_UNITS = "代码,名称,类型,上级代码\nS4,第四中学,school,B"
ACCOUNT, UNIT, RECORD, TEAM = "units.account", "units.unit", "records.activityrecord", "units.team"


@dataclass(frozen=True)
class Told:
    """One way to do a deed, who is told to have done it, to what, and what else is told along."""

    act: Callable[[World], object]
    by: str = "administrator"
    kind: str = ""
    n_rows: int = 1
    # What is told besides, deed by deed: what moves with a unit has a row of its own.
    along: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """A command line or a task: what the world is like before, and what the one row is about."""

    what: Callable[[World, Path], list[str]] | Task[Any, Any]
    before: Callable[[World], object] = lambda _world: None
    kind: str = ""
    along: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One deed in the three channels; a text says why there is no such way."""

    deed: Deed
    web: Told | str
    command: Run | str = "it is done on pages alone"
    task: Run | str = "no task does it"


def post(world: World, who: str, address: str, **form: Any) -> Any:
    """Send a form as a person."""
    return browser_of(getattr(world, who)).post(address, form)


def admin(page: str, row: Any = None) -> str:
    """Return a page of the administration."""
    return reverse(f"admin:{page}", args=[row.pk] if row is not None else [])


def unit_deed(world: World, deed: str, **form: Any) -> Any:
    """Confirm a deed on the liaison's school."""
    space = "reorganisation:unit-" if deed in ("merge", "split") else "admin:units_unit_"
    address = reverse(f"{space}{deed}", args=[form.pop("unit", world.school).pk])
    return post(world, "administrator", address, confirmed="1", **form)


def changed(world: World, page: str, row: Any, **fields: Any) -> Any:
    """Change a row on its page of the administration."""
    address, browser = admin(f"{page}_change", row), browser_of(world.administrator)
    context = browser.get(address).context
    initial = {name: value for name, value in context["adminform"].form.initial.items() if value is not None}
    for group in context["inline_admin_formsets"]:
        for one in (group.formset.management_form, *group.formset.forms):
            texts = {one.add_prefix(name): one[name].value() for name in one.fields}
            initial |= {name: "" if value is None else value for name, value in texts.items()}
    return browser.post(address, initial | fields)


def imported(world: World, page: str, rows: str) -> Any:
    """Hand a list in and confirm it."""
    browser = browser_of(world.administrator)
    file = SimpleUploadedFile("list.csv", rows.encode())
    preview = browser.post(admin(f"{page}_import"), {"file": file}).headers["Location"]
    return browser.post(f"{preview}confirm/")


def owed(world: World) -> WeeklyReport:
    """Return what the liaison's school owes for this week."""
    report: WeeklyReport = WeeklyReport.objects.get(unit=world.school, period=world.period)
    return report


def for_two(world: World) -> ActivityRecord:
    """Return a record that two reviewers have to agree on."""
    world.lecture.needs_second_review = True
    world.lecture.save()
    return world.submitted()


def factor_added(world: World) -> None:
    """Set up an authenticator app."""
    browser = signed_in(world.liaison)
    secret = browser.get("/account/security/app/add/").context["form"].secret
    browser.post("/account/security/app/add/", {"code": code_of(secret)})


def session_ended(world: World) -> None:
    """End all other sessions."""
    signed_in(world.liaison)
    signed_in(world.liaison).post("/account/sessions/end-others/")


def refused(world: World) -> Any:
    """Ask for a stranger's draft."""
    return browser_of(world.stranger).get(f"/records/{world.draft().pk}/")


def mail_sent_again(world: World) -> Any:
    """Send a failed mail once more."""
    text = {"subject": "s", "text": "t", "address": "l@example.org", "state": Mail.State.FAILED}
    mail = Mail.objects.create(key="k", person=world.liaison, **text)
    form = {"action": "send_again", "_selected_action": mail.pk}
    return post(world, "administrator", admin("units_mail_changelist"), **form)


def totals_spoilt(world: World) -> None:
    """Let a total say what no record says, as somebody with the database's password would."""
    facts = {"period": world.period, "activity_type": world.lecture}
    Cell.objects.create(unit=world.school, own={}, total={"records": 9}, **facts)


def much_exported(world: World) -> None:
    """Write down a large export."""
    audit.record(Deed.EXPORT, actor=world.reviewer, changes={"n_rows": 5000})


def path_spoilt(world: World) -> None:
    """Let a unit stand where its parents say it does not."""
    Unit.objects.filter(pk=world.school.pk).update(path="wrong")


def unused_for_long(world: World) -> None:
    """Let one account be a leftover."""
    Account.objects.filter(pk=world.newcomer.pk).update(date_joined=timezone.now() - dt.timedelta(days=91))


def file_of(folder: Path, text: str) -> str:
    """Write a list and return its path."""
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def ledger(world: World, folder: Path) -> list[str]:
    """Return the command line that loads a ledger of one line."""
    file = file_of(folder, f"Unit,Day,Title\nS1,{world.today.isoformat()},宣讲\n")
    columns = ["--map=unit=Unit", "--map=held_on=Day", "--map=title=Title"]
    constants = ["--set=sessions=1", "--set=onsite=2"]
    return ["records", "load", file, "--campaign=study", "--type=lecture", *columns, *constants]


def of_account(name: str, **form: Any) -> Callable[[World], object]:
    """Return the deed on the liaison's account."""
    return lambda w: post(w, "administrator", admin(f"units_account_{name}", w.liaison), **form)


def of_team(**fields: Any) -> Callable[[World], object]:
    """Return the deed on the team."""
    return lambda w: changed(w, "units_team", Team.objects.get(), **fields)


def sign_in(password: str) -> Callable[[World], object]:
    """Return the deed of the liaison at the door."""
    return lambda w: Client().post("/sign-in/", {"username": "liaison", "password": password})
