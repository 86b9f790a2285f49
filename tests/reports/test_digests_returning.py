"""Who handed something in learns that it was returned: why, where, once, and with others in one mail."""

from __future__ import annotations

import datetime as dt

import time_machine

from reports.digests.returning import ensure_return_mails
from reports.records import workflow
from reports.weekly.filing import file
from reports.weekly.models import ReportStep, Step, WeeklyReport
from tasks import reminders
from tests.personas import World
from tests.reports.monday import NINE, monday
from units.models import Account, Mail

__all__ = ["monday"]

LATER = NINE + dt.timedelta(minutes=6, seconds=1)


def returned(world: World, title: str = "被退回") -> None:
    """Return one record of the liaison's."""
    workflow.send_back(world.submitted(title=title), actor=world.reviewer, note="人次与照片不符")


def test_submitter_reads_what_was_returned_why_and_where(monday: World) -> None:
    returned(monday)
    assert ensure_return_mails(now=LATER) == 1
    one = Mail.objects.get()
    assert one.person == monday.liaison
    assert "被退回" in one.subject
    for part in (one.text, one.html):
        assert "人次与照片不符" in part
        assert "/records/" in part


def test_nobody_can_unsubscribe_from_it(monday: World) -> None:
    Account.objects.filter(pk=monday.liaison.pk).update(wants_digest=False)
    returned(monday)
    ensure_return_mails(now=LATER)
    assert Mail.objects.get().unsubscribe_url == ""


def test_minutes_pass_before_it_is_written_and_then_it_is_written_once(monday: World) -> None:
    returned(monday)
    assert ensure_return_mails(now=NINE + dt.timedelta(minutes=5)) == 0
    for minutes in (7, 8, 3, 60):
        ensure_return_mails(now=NINE + dt.timedelta(minutes=minutes))
    assert Mail.objects.count() == 1


def test_several_returns_of_some_minutes_are_one_mail(monday: World) -> None:
    returned(monday, "其一")
    returned(monday, "其二")
    ensure_return_mails(now=LATER)
    one = Mail.objects.get()
    assert "其一" in one.text
    assert "其二" in one.text
    with time_machine.travel(NINE + dt.timedelta(minutes=30)):
        returned(monday, "其三")
    ensure_return_mails(now=NINE + dt.timedelta(minutes=40))
    assert Mail.objects.count() == 2
    assert "其一" not in Mail.objects.latest("pk").text


def test_what_was_handed_in_again_meanwhile_is_not_told(monday: World) -> None:
    record = monday.submitted()
    record = workflow.send_back(record, actor=monday.reviewer, note="请补充")
    workflow.submit(record, actor=monday.liaison)
    assert ensure_return_mails(now=LATER) == 0


def test_returns_into_minutes_that_were_told_about_are_not_lost(monday: World) -> None:
    returned(monday, "其一")
    ensure_return_mails(now=LATER)
    # The clock was set back: more returns, in the same five minutes.
    returned(monday, "其二")
    ensure_return_mails(now=LATER)
    assert "其二" in Mail.objects.latest("pk").text


def test_filer_of_a_report_reads_why_it_came_back(monday: World) -> None:
    report = WeeklyReport.objects.select_related("unit", "period__campaign").get(
        unit=monday.school, period__number=3
    )
    report = file(report, actor=monday.liaison, progress="完成")
    WeeklyReport.objects.filter(pk=report.pk).update(
        filed_at=None, returned_at=NINE, returned_by=monday.reviewer, return_reason="缺下周计划"
    )
    ReportStep.objects.create(
        report=report, step=Step.RETURN, version=99, actor=monday.reviewer, note="缺下周计划"
    )
    ensure_return_mails(now=LATER)
    one = Mail.objects.get()
    assert one.person == monday.liaison
    assert "缺下周计划" in one.text
    assert f"/weekly/{report.pk}/" in one.text


def test_clock_calls_it(monday: World) -> None:
    returned(monday)
    with time_machine.travel(LATER):
        reminders.make_return_mails()
    assert Mail.objects.count() == 1
