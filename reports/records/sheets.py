"""Behind the form of a record: its sheet, what is wrong with what was entered, and the verb to call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction

from reports.campaigns.designs import Design
from reports.campaigns.models import ActivityType
from reports.records import joining, writing
from reports.records.backgrounds import Case, doubts_about
from reports.records.content import Content, problems
from reports.records.doubts import Doubt
from reports.records.explaining import unexplained
from reports.records.forms import RecordForm
from reports.records.models import ActivityRecord, WorkingCopy
from reports.records.sharing import companion_design, without_shared
from reports.records.weekdays import Day, days_of
from units.models import Account, Unit
from units.rules import RuleError


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one form is about: the type, the unit, the day, and the record where there is one already."""

    activity_type: ActivityType
    unit: Unit
    today: dt.date
    record: ActivityRecord | None = None
    unsent: list[WorkingCopy] = field(default_factory=list)

    @property
    def about(self) -> str:
        """Return how the form says what it is about: type, unit and record."""
        return f"{self.activity_type.pk}:{self.unit.pk}:{self.record.pk if self.record else ''}"

    @property
    def is_new(self) -> bool:
        """Say whether there is no record yet."""
        return self.record is None

    def doubts(self, content: Content, design: Design) -> list[Doubt]:
        """Return what needs an explanation."""
        pk = self.record.pk if self.record else None
        is_joint = self.record is not None and self.record.event_id is not None
        case = Case(self.unit, self.activity_type.pk, content, design, pk, is_joint=is_joint)
        [found] = doubts_about([case])
        return found

    def lacks(self, content: Content, design: Design, *, is_final: bool, n_files: int) -> list[RuleError]:
        """Return what stands against it; a draft may be incomplete."""
        kind, unit = self.activity_type, self.unit
        today = self.today
        return problems(content, design, kind, unit, today=today, is_final=is_final, n_files=n_files)

    def days(self) -> list[Day]:
        """Return the days of the running week, for the buttons above the calendar."""
        return days_of(self.activity_type.campaign, self.today)


def judge(sheet: Sheet, form: RecordForm, *, is_final: bool, n_files: int) -> None:
    """Show at its fields everything that is wrong or doubtful about a form that could be read.

    Who joins the other unit's event need not explain why both reported the same.
    """
    content, design = form.content(), form.design
    if form.joins:
        content, design = without_shared(content, design), companion_design(design)
    form.refuse(sheet.lacks(content, design, is_final=is_final, n_files=n_files))
    found = sheet.doubts(content, design)
    form.ask_reasons(found)
    due = [doubt for doubt in found if not (form.joins and doubt.code == "twin")]
    form.refuse(unexplained(content, due) if is_final else [])


def write(sheet: Sheet, form: RecordForm, actor: Account, *, is_final: bool) -> ActivityRecord:
    """Call the verb that fits the sheet."""
    content = form.content()
    if not form.joins or (sheet.record is not None and sheet.record.event_id is not None):
        return _bring(sheet, form, content, actor, is_final=is_final)
    with transaction.atomic():
        record = _bring(sheet, form, without_shared(content, form.design), actor, is_final=False)
        return joining.hand_in_with_twin(record, actor=actor, is_final=is_final)


def _bring(
    sheet: Sheet, form: RecordForm, content: Content, actor: Account, *, is_final: bool
) -> ActivityRecord:
    """Write a new record, or a stored one anew."""
    sending = form.sending(is_final=is_final)
    if sheet.record is None:
        return writing.write(sheet.unit, sheet.activity_type, content, actor=actor, sending=sending)
    return writing.rewrite(sheet.record, content, actor=actor, sending=sending)
