"""What the database itself refuses, whoever writes: one broken row per named constraint."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import CheckConstraint
from django.utils import timezone, translation

from reports.campaigns.models import ActivityType, Campaign, Indicator, Period
from reports.records.models import (
    ActivityRecord,
    Attachment,
    CoHost,
    JointEvent,
    ReturnReason,
    SavedFilter,
    StoredFile,
    Transition,
)
from reports.statistics.models import Cell
from reports.weekly.models import ReadyReason, ReportStep, Step, WeeklyReport
from tests.personas import World
from tests.units.broken_readers import BROKEN_READERS
from tests.units.broken_reports import draft_twice, weekly
from tests.units.broken_rows import DAY, MEETINGS, planned, twin_copy, twin_planned
from units.models import Account, AuditAlert, AuditEntry, Mail, Team, TeamMember, TeamUnit, Unit, UnitKind

OUR_ROOMS = ("units.", "reports.", "portal.")
NOW = timezone.now()


def changed(row: models.Model, **facts: object) -> models.Model:
    """Return an unsaved copy of `row` with other facts."""
    row.pk = None
    row._state.adding = True
    for name, value in facts.items():
        setattr(row, name, value)
    return row


def record(world: World, **facts: object) -> models.Model:
    """Return an unsaved record like the approved one, with other facts and a key of its own."""
    approved = world.approved()
    other_key = ActivityRecord._meta.get_field("key").get_default()
    return changed(approved, **({"key": other_key} | facts))


def unit(world: World, **facts: object) -> models.Model:
    """Return an unsaved unit with other facts."""
    return Unit(**({"code": "NEW", "name": "新校", "kind": world.school.kind} | facts))


def period(world: World, **facts: object) -> models.Model:
    """Return an unsaved period behind all others, with other facts."""
    return changed(Period.objects.get(pk=world.period.pk), **({"number": 90} | facts))


def indicator(world: World, **facts: object) -> models.Model:
    """Return an unsaved indicator of the world's type, with other facts."""
    return Indicator(**({"activity_type": world.lecture, "code": "new", "name": "新"} | facts))


def twin_form(world: World) -> models.Model:
    """Return the form of an approved record a second time."""
    form = world.approved().form
    assert form is not None
    return changed(form)


def twin_filter(world: World) -> models.Model:
    """Return a second filter of a name that the person uses."""
    facts = {"person": world.liaison, "name": "草稿", "query": "status=draft"}
    SavedFilter.objects.create(**facts)
    return SavedFilter(**facts)


def ledger_line(world: World) -> models.Model:
    """Return a second record of the same line of a ledger."""
    record(world, source="ledger:1").save()
    return record(world, source="ledger:1")


def twin_cell(world: World, activity_type: ActivityType | None) -> models.Model:
    """Return a second total of the same key."""
    facts = {"unit": world.school, "period": world.period, "activity_type": activity_type}
    Cell.objects.create(**facts)
    return Cell(**facts)


def attachment(world: World, *, is_saved: bool) -> models.Model:
    """Return the same file a second time, on one record or on one form that was not saved."""
    file = StoredFile.objects.create(sha256="a" * 64, media_type="image/png", size=1)
    record = world.draft() if is_saved else None
    facts = {"record": record, "author": world.liaison, "file": file, "name": "a"}
    first = Attachment.objects.create(**facts)
    return Attachment(**facts, key=first.key)


def twin_member(world: World) -> models.Model:
    """Return a second membership of the same person."""
    return TeamMember(team=Team.objects.get(), account=world.team_member, name="again")


def twin_alert(world: World) -> models.Model:
    """Return a second alarm of one rule about one row."""
    entry = AuditEntry.objects.latest("id")
    AuditAlert.objects.create(rule=AuditAlert.Rule.values[0], entry=entry)
    return AuditAlert(rule=AuditAlert.Rule.values[0], entry=entry)


def twin_step(world: World) -> models.Model:
    """Return a second step of one version of a report."""
    report = WeeklyReport.objects.filter(unit=world.school).latest("id")
    ReportStep.objects.create(report=report, step=Step.ASK, version=9)
    return ReportStep(report=report, step=Step.ASK, version=9)


def mail(**facts: object) -> models.Model:
    """Return an unsaved mail with other facts."""
    return Mail(
        **({"key": "k", "address": "a@example.org", "subject": "s", "text": "t", "html": "h"} | facts)
    )


def joint(world: World, **facts: object) -> dict[str, Any]:
    """Return the facts of a joint event of the liaison's school, without a title."""
    return {"activity_type": world.lecture, "host": world.school, "held_on": DAY} | facts


def event(world: World) -> JointEvent:
    """Return a stored joint event."""
    return JointEvent.objects.create(**joint(world, title="联合宣讲"))


def joint_record(world: World, **facts: object) -> models.Model:
    """Return a second record of an event that has that of its host, with other facts."""
    first = {"event": event(world), "seat": world.school, "is_hosting": True}
    record(world, **first).save()
    return record(world, **(first | facts))


def twin_co_host(world: World) -> models.Model:
    """Return a unit that is named for an event a second time."""
    facts = {"event": event(world), "unit": world.other_school}
    CoHost.objects.create(**facts)
    return CoHost(**facts)


Broken = Callable[[World], models.Model]
BROKEN: dict[str, Broken] = BROKEN_READERS | {
    "account_username_once": lambda w: Account(username="LIAISON", name="冒名"),
    "activity_type_code_once": lambda w: ActivityType(campaign=w.campaign, code="lecture", name="又一"),
    "attachment_once_per_form": lambda w: attachment(w, is_saved=False),
    "attachment_once_per_record": lambda w: attachment(w, is_saved=True),
    "audit_alert_once_per_rule": twin_alert,
    "campaign_ends_after_start": lambda w: changed(
        w.campaign, code="c", ends_on=w.campaign.starts_on - dt.timedelta(days=1)
    ),
    "campaign_weekdays_known": lambda w: changed(w.campaign, code="c", digest_weekday=7),
    "cell_of_all_types_once": lambda w: twin_cell(w, None),
    "cell_of_type_once": lambda w: twin_cell(w, w.lecture),
    "co_host_once": twin_co_host,
    "form_version_once": twin_form,
    "indicator_choice_has_options": lambda w: indicator(w, kind="choice", options=[]),
    "indicator_code_not_builtin": lambda w: indicator(w, code="records"),
    "indicator_code_once": lambda w: indicator(w, code="onsite"),
    "indicator_decimals_known": lambda w: indicator(w, decimals=5),
    "indicator_heads_known": lambda w: indicator(w, heads="horses"),
    "indicator_kind_known": lambda w: indicator(w, kind="riddle"),
    "indicator_limits_in_order": lambda w: indicator(w, minimum=2, maximum=1),
    "indicator_soft_limits_in_order": lambda w: indicator(w, soft_minimum=2, soft_maximum=1),
    "joint_event_has_title": lambda w: JointEvent(**joint(w)),
    "mail_key_not_empty": lambda w: mail(key=""),
    "mail_sent_has_moment": lambda w: mail(state=Mail.State.SENT),
    "planned_period_closes_after_due": lambda w: planned(w, closes_on=DAY - dt.timedelta(days=1)),
    "planned_period_due_after_start": lambda w: planned(w, due_on=DAY - dt.timedelta(days=1)),
    "planned_period_ends_after_start": lambda w: planned(w, ends_on=DAY - dt.timedelta(days=1)),
    "planned_period_start_once": twin_planned,
    "period_closes_after_due": lambda w: period(w, due_at=NOW, close_at=NOW - dt.timedelta(seconds=1)),
    "period_ends_after_start": lambda w: period(w, starts_on=DAY, ends_on=DAY - dt.timedelta(days=1)),
    "period_number_once": lambda w: period(w, number=w.period.number),
    "record_decision_has_moment": lambda w: record(w, decided_at=None),
    "record_endorsement_has_moment": lambda w: record(w, endorsed_by=w.second_reviewer),
    "record_event_has_seat": lambda w: record(w, event=event(w)),
    "record_event_one_host": lambda w: joint_record(w, seat=w.other_school),
    "record_event_seat_once": lambda w: joint_record(w, is_hosting=False),
    "record_key_once": lambda w: record(w, key=w.approved().key),
    "record_nobody_approves_own": lambda w: record(w, decided_by=w.liaison),
    "record_source_once": ledger_line,
    "record_status_known": lambda w: record(w, status="lost"),
    "record_submission_has_moment": lambda w: record(w, submitted_at=None),
    "record_two_reviewers": lambda w: record(w, endorsed_by=w.reviewer, endorsed_at=NOW),
    "record_version_positive": lambda w: record(w, version=0),
    "return_reason_once": lambda w: ReturnReason(text=ReturnReason.objects.earliest("pk").text),
    "saved_filter_has_name": lambda w: SavedFilter(person=w.liaison, name="", query="status=draft"),
    "saved_filter_name_once": twin_filter,
    "stored_file_state_known": lambda w: StoredFile(
        sha256="b" * 64, media_type="image/png", size=1, state="odd"
    ),
    "team_ends_after_start": lambda w: Team(
        name="t",
        kind=Team.Kind.PATROL,
        group=Group.objects.create(name="t"),
        starts_on=DAY,
        ends_on=DAY - dt.timedelta(days=1),
    ),
    "report_step_version_once": twin_step,
    "team_member_once": twin_member,
    "team_unit_once": lambda w: TeamUnit(team=Team.objects.get(), unit=w.school),
    "transition_version_once": lambda w: changed(Transition.objects.filter(record=w.approved()).latest("id")),
    "unit_closes_after_opening": lambda w: unit(w, opened_on=DAY, closed_on=DAY),
    "unit_code_not_empty": lambda w: unit(w, code=""),
    "unit_not_its_own_parent": lambda w: unit(w, id=987, parent_id=987),
    "weekly_report_once": lambda w: changed(WeeklyReport.objects.filter(unit=w.school).latest("id")),
    "weekly_report_accepted_is_filed": lambda w: weekly(w, accepted_at=NOW),
    "weekly_report_asked_is_owed": lambda w: weekly(w, asked_at=NOW, filed_at=NOW),
    "weekly_report_closes_after_due": lambda w: weekly(w, due_at=NOW, close_at=NOW - dt.timedelta(seconds=1)),
    "weekly_report_excused_is_open": lambda w: weekly(w, excused_at=NOW),
    "weekly_report_returned_is_owed": lambda w: weekly(w, returned_at=NOW),
    "weekly_report_signed_is_filed": lambda w: weekly(w, signed_at=NOW),
    "weekly_report_zero_has_reason": lambda w: weekly(w, is_zero=True, filed_at=NOW, reason=""),
    "ready_reason_once": lambda w: changed(ReadyReason.objects.earliest("pk")),
    "report_draft_once": draft_twice,
    "working_copy_tab_once": twin_copy,
    "weekly_report_zero_is_filed": lambda w: weekly(w, is_zero=True, reason="停课"),
}
BROKEN |= MEETINGS
# Written by the tally alone; no person ever reads its message.
WITHOUT_MESSAGE = {"cell_of_all_types_once", "cell_of_type_once"}


def ours() -> dict[str, models.BaseConstraint]:
    """Return every named constraint of our own models."""
    return {
        constraint.name: constraint
        for model in apps.get_models()
        if model.__module__.startswith(OUR_ROOMS)
        for constraint in model._meta.constraints
    }


def test_the_table_names_every_constraint() -> None:
    assert ours().keys() == BROKEN.keys()


def test_constraints_are_named_for_their_table_and_speak_to_the_person() -> None:
    for name, constraint in ours().items():
        spoken = constraint.violation_error_message
        assert name in WITHOUT_MESSAGE or spoken != constraint.default_violation_error_message, name


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_database_refuses(world: World, name: str) -> None:
    row = BROKEN[name](world)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        row.save(force_insert=True)
    if isinstance(ours()[name], CheckConstraint) or connection.vendor == "postgresql":
        assert name in str(refused.value)


@pytest.mark.parametrize("name", sorted(BROKEN.keys() - WITHOUT_MESSAGE))
def test_a_form_hears_the_reason_in_words(world: World, name: str) -> None:
    row = BROKEN[name](world)
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            row.validate_constraints()
        assert str(ours()[name].violation_error_message) in map(str, refused.value.messages)


def test_a_unit_with_records_cannot_be_deleted(world: World) -> None:
    world.draft()
    with pytest.raises(models.ProtectedError):
        world.school.delete()


def test_an_account_that_has_acted_cannot_be_deleted(world: World) -> None:
    world.draft()
    with pytest.raises(models.ProtectedError):
        world.liaison.delete()


def test_the_seed_has_the_kinds_of_unit_and_the_campaign_one_whole_period(world: World) -> None:
    assert UnitKind.objects.count() >= 5
    assert Campaign.objects.get().periods.filter(number=0).count() == 1
