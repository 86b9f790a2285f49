"""The verbs on owed reports: what each leaves behind, and what it refuses with which reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from reports.campaigns.models import Campaign, Filing, Period
from reports.records import workflow
from reports.weekly import extending, filing, keeping, reviewing, signing
from reports.weekly.by_records import ensure_filed_by_records
from reports.weekly.deadlines import due_after_return
from reports.weekly.locks import lock_of
from reports.weekly.models import ReportDraft, ReportStep, Standing, Step, WeeklyReport
from reports.weekly.obligations import withdraw_reports
from reports.weekly.rounds import rounds_of
from tasks.clock import open_periods
from tasks.expiry import expire_unsent
from tests.personas import World
from tests.reports.reports_owed import TYPED, again, closed, filed, owed, refused
from units import lifecycle
from units.accounts import appoint
from units.models import AuditEntry, Deed, Unit
from units.roles import LIAISON

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
LATER = dt.timedelta(days=3)


def set_up(world: World, **facts: object) -> int:
    """Change the campaign."""
    return Campaign.objects.filter(pk=world.campaign.pk).update(**facts)


def test_return_makes_the_report_owed_again_with_texts_reason_and_new_due_moment(
    world: World,
) -> None:
    report = filed(world)
    before = report.due_at
    reviewing.send_back(report, actor=world.reviewer, note=" 请补充成效。 ")
    report, now = again(report), timezone.now()
    assert report.standing(now) is Standing.RETURNED
    assert (report.progress, report.return_reason, report.n_returns) == (TYPED["progress"], "请补充成效。", 1)
    assert report.due_at == max(before, due_after_return(world.campaign, now))
    assert (lock_of(report, now), report.returned_by) == (None, world.reviewer)
    filing.file(report, actor=world.liaison, progress="两场，三百人。")
    report = again(report)
    assert (report.returned_at, report.returned_by, report.return_reason) == (None, None, "")
    assert (report.n_returns, report.standing(now)) == (1, Standing.ON_TIME)


@pytest.mark.parametrize(
    ("hour", "n_days", "due"),
    [
        (9, 2, "2026-11-25 17:00"),
        (9, 0, "2026-11-23 17:00"),
        (17, 0, "2026-11-23 17:00"),
        (18, 0, "2026-11-24 17:00"),
        (9, 5, "2026-11-30 17:00"),
        (23, 2, "2026-11-25 17:00"),
    ],
)
def test_returned_report_is_due_so_many_working_days_later_and_never_at_once(
    world: World, hour: int, n_days: int, due: str
) -> None:
    world.campaign.n_return_days = n_days
    found = due_after_return(world.campaign, dt.datetime(2026, 11, 23, hour, tzinfo=SHANGHAI))
    assert f"{found.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" == due


def test_return_never_shortens(world: World) -> None:
    report = filed(world)
    far = timezone.now() + dt.timedelta(days=30)
    WeeklyReport.objects.filter(pk=report.pk).update(due_at=far, close_at=far)
    report = reviewing.send_back(again(report), actor=world.reviewer, note="缺")
    assert (report.due_at, report.close_at) == (far, far)


def test_return_takes_the_signature_off_and_unsigned_counts_as_filed(world: World) -> None:
    set_up(world, asks_signature=True)
    report = again(filed(world))
    assert (report.waits_for_signature, report.standing(timezone.now())) == (True, Standing.ON_TIME)
    signing.sign(report, actor=world.head)
    assert (report.signed_by, report.waits_for_signature) == (world.head, False)
    reviewing.send_back(report, actor=world.reviewer, note="缺")
    assert (again(report).signed_by, again(report).signed_at) == (None, None)


def test_signature_is_for_the_head_alone_and_where_it_is_asked_for(world: World) -> None:
    report = filed(world)
    assert refused(lambda: signing.sign(report, actor=world.head)).code == "not_asked"
    set_up(world, asks_signature=True)
    report = again(report)
    for who in (world.liaison, world.reviewer, world.stranger):
        assert refused(partial(signing.sign, report, actor=who)).code == "not_yours"


def test_nobody_judges_what_they_filed_themselves(world: World) -> None:
    appoint(world.reviewer, LIAISON, actor=None, unit=world.school)
    report = filing.file(owed(world), actor=world.reviewer, progress="完成。")
    assert refused(lambda: reviewing.accept(report, actor=world.reviewer)).code == "own_report"
    outcome = reviewing.accept_many({report.pk: report.version}, actor=world.reviewer)
    assert (outcome.n_done, outcome.n_left) == (0, 1)
    reviewing.accept(report, actor=world.second_reviewer)
    undo = refused(lambda: reviewing.reopen(report, actor=world.reviewer, note="误"))
    assert undo.code == "own_report"


def test_many_are_accepted_as_they_were_looked_at(world: World) -> None:
    mine, other = filed(world), owed(world, world.other_school)
    filing.file_zero(other, actor=world.stranger, reason="停课。")
    versions = {mine.pk: mine.version, other.pk: other.version - 1, 10**9: 1}
    assert reviewing.accept_many(versions, actor=world.reviewer) == reviewing.Outcome(1, 2)
    assert (again(mine).accepted_by, again(other).accepted_by) == (world.reviewer, None)
    assert ReportStep.objects.get(report=mine, step=Step.ACCEPT).actor == world.reviewer
    assert AuditEntry.objects.filter(deed=Deed.ACCEPT).count() == 1
    assert reviewing.send_back_many({other.pk: other.version}, actor=world.reviewer, note="缺").n_done == 1
    assert again(other).return_reason == "缺"


@pytest.mark.parametrize("verb", ["return", "reopen", "excuse", "refuse", "extend"])
def test_no_verdict_without_a_reason(world: World, verb: str) -> None:
    report = owed(world) if verb in {"excuse", "refuse", "extend"} else filed(world)
    if verb == "refuse":
        extending.ask(report, actor=world.liaison)
    if verb == "reopen":
        reviewing.accept(report, actor=world.reviewer)
    deeds: dict[str, Callable[..., object]] = {
        "return": reviewing.send_back,
        "reopen": reviewing.reopen,
        "excuse": extending.excuse,
        "refuse": extending.refuse,
        "extend": extending.extend,
    }
    more: dict[str, Any] = {"due_at": report.due_at + LATER} if verb == "extend" else {}
    error = refused(lambda: deeds[verb](report, actor=world.reviewer, note="  ", **more))
    assert (error.code, error.field) == ("reason_missing", "note")


def test_zero_report_is_refused_beside_records_and_void_ones_do_not_count(world: World) -> None:
    report, record = owed(world), world.draft()
    error = refused(lambda: filing.file_zero(report, actor=world.liaison, reason="停课"))
    assert (error.code, error.field) == ("records_exist", "reason")
    workflow.void(record, actor=world.liaison)
    assert filing.file_zero(report, actor=world.liaison, reason="停课").is_zero


LOCKS: dict[str, Callable[[World, WeeklyReport], object]] = {
    "excused": lambda w, r: extending.excuse(r, actor=w.reviewer, note="停课"),
    "accepted": lambda w, r: reviewing.accept(
        filing.file(r, actor=w.liaison, progress="完成"), actor=w.reviewer
    ),
    "filed": lambda w, r: filing.file(r, actor=w.liaison, progress="完成"),
    "closed": lambda w, r: closed(r),
    "campaign_over": lambda w, r: (closed(r), set_up(w, ends_on=w.today - dt.timedelta(days=1))),
    "unit_closed": lambda w, r: (closed(r), Unit.objects.filter(pk=r.unit_id).update(closed_on=w.today)),
    "not_open": lambda w, r: Period.objects.filter(pk=r.period_id).update(
        starts_on=w.today + dt.timedelta(days=1), ends_on=w.today + dt.timedelta(days=9)
    ),
}
# What the message names: by whom, since when, or which thing.
NAMED: dict[str, Callable[[World, WeeklyReport], str]] = {
    "excused": lambda w, r: str(w.reviewer),
    "accepted": lambda w, r: str(w.reviewer),
    "filed": lambda w, r: str(w.liaison),
    "closed": lambda w, r: w.campaign.name,
    "campaign_over": lambda w, r: w.campaign.name,
    "unit_closed": lambda w, r: w.school.name,
    "not_open": lambda w, r: (w.today + dt.timedelta(days=1)).isoformat(),
}


@pytest.mark.parametrize("code", LOCKS)
def test_lock_says_which_reason_by_whom_and_the_way_out(world: World, code: str) -> None:
    report = owed(world)
    LOCKS[code](world, report)
    report = again(report)
    lock = lock_of(report, timezone.now())
    assert lock is not None
    assert lock.code == code
    assert NAMED[code](world, report) in lock.message
    assert lock.may_ask == (code in {"closed", "campaign_over", "unit_closed"})
    error = refused(lambda: filing.file(report, actor=world.liaison, progress="完成"))
    assert (error.code, str(error.message)) == (code, lock.message)


def test_records_alone_file_the_report_from_their_first_submission(world: World) -> None:
    set_up(world, filing=Filing.RECORDS)
    report = owed(world)
    world.draft()
    assert ensure_filed_by_records(again(report).period.campaign) == 0
    record = world.submitted(title="第一场")
    world.submitted(title="第二场")
    open_periods()
    open_periods()
    report = again(report)
    assert (report.filed_at, report.filed_by) == (record.first_submitted_at, world.liaison)
    assert report.standing(timezone.now()) is Standing.ON_TIME
    assert list(ReportStep.objects.values_list("step", "content")) == [
        ("file", {"record": record.pk, "is_zero": False})
    ]
    assert not WeeklyReport.objects.waiting_for(world.reviewer).exists()
    for deed in (reviewing.accept, partial(reviewing.send_back, note="缺")):
        assert refused(partial(deed, report, actor=world.reviewer)).code == "records_only"


def test_campaign_of_records_takes_no_text_and_a_zero_report(world: World) -> None:
    set_up(world, filing=Filing.RECORDS)
    report = owed(world)
    error = refused(lambda: filing.file(report, actor=world.liaison, progress="完成"))
    assert error.code == "records_only"
    filing.file_zero(report, actor=world.liaison, reason="停课")
    assert list(WeeklyReport.objects.waiting_for(world.reviewer)) == [report]
    reviewing.send_back(report, actor=world.reviewer, note="有活动")
    record = world.submitted()
    assert ensure_filed_by_records(report.period.campaign) == 1
    assert again(report).filed_at == record.first_submitted_at
    assert not again(report).is_zero


def test_record_beside_a_zero_report_files_it_from_the_return_on(world: World) -> None:
    set_up(world, filing=Filing.RECORDS)
    report = filing.file_zero(owed(world), actor=world.liaison, reason="停课")
    world.submitted()
    assert ensure_filed_by_records(report.period.campaign) == 0
    reviewing.send_back(report, actor=world.reviewer, note="有活动")
    returned_at = report.returned_at
    ensure_filed_by_records(report.period.campaign)
    assert again(report).filed_at == returned_at


def test_records_after_the_last_chance_file_nothing(world: World) -> None:
    set_up(world, filing=Filing.RECORDS)
    report = closed(owed(world))
    world.submitted()
    assert ensure_filed_by_records(report.period.campaign) == 0


def test_report_with_a_history_is_excused_and_not_dropped_when_the_unit_never_was(world: World) -> None:
    report = extending.ask(owed(world), actor=world.liaison)
    lifecycle.close(world.school, on=report.period.starts_on, actor=world.administrator)
    withdraw_reports(world.campaign)
    assert again(report).standing(timezone.now()) is Standing.EXCUSED
    assert not AuditEntry.objects.filter(deed=Deed.VOID, object_id=str(report.pk)).exists()
    assert AuditEntry.objects.filter(deed=Deed.EXCUSE, object_id=str(report.pk)).count() == 1


def test_rounds_tell_what_each_filing_changed(world: World) -> None:
    report = filed(world)
    reviewing.send_back(report, actor=world.reviewer, note="缺人数")
    filing.file(report, actor=world.liaison, **(TYPED | {"progress": "组织专题党课两场，三百人。"}))
    first, back, second = rounds_of(report)
    assert (first.step, back.step, second.step) == ("file", "return", "file")
    assert (back.note, back.actor) == ("缺人数", str(world.reviewer))
    assert [(one.was, one.became) for one in second.differences] == [
        (TYPED["progress"], "组织专题党课两场，三百人。")
    ]
    assert first.differences == ()


def test_what_is_typed_is_kept_for_its_person_and_goes_when_it_is_filed(world: World) -> None:
    report = owed(world)
    for sequence, text in ((5, "写到一半"), (3, "更早的")):
        fields = dict.fromkeys(keeping.TYPED, "") | {"progress": text}
        keeping.keep(report, keeping.Typed(world.liaison.pk, sequence, fields), actor=world.liaison)
    draft = keeping.draft_of(report, world.liaison)
    assert draft is not None
    assert (draft.fields["progress"], keeping.draft_of(report, world.head)) == ("写到一半", None)
    filing.file(report, actor=world.liaison, progress="写完了")
    assert not ReportDraft.objects.exists()


def test_what_nobody_came_back_to_goes_after_thirty_days(world: World) -> None:
    report = owed(world)
    for person, days in ((world.liaison, 31), (world.head, 29)):
        saved_at = timezone.now() - dt.timedelta(days=days)
        ReportDraft.objects.create(person=person, report=report, fields={"progress": "x"}, saved_at=saved_at)
    expire_unsent()
    assert [draft.person for draft in ReportDraft.objects.all()] == [world.head]
