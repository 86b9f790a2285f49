"""The plan of an import: what is new, what changes field by field, what stays, and every error at once."""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import Campaign, Period
from reports.records import holding
from reports.records.backgrounds import Case, doubts_about
from reports.records.content import INCOMPLETE, Content, admitted, check_values, gaps
from reports.records.doubts import REASON_PREFIX, Doubt
from reports.records.explaining import unexplained
from reports.records.ledgers.columns import DAY, EXPLANATION, TITLE
from reports.records.ledgers.contents import content_of, explained, is_touched
from reports.records.ledgers.matching import Row, match
from reports.records.ledgers.tables import Line, Problem, Table
from reports.records.ledgers.values import CellError
from reports.records.models import ActivityRecord
from reports.records.states import Status
from units.importing.plan import Fate
from units.models import Unit
from units.rules import RuleError

MOST_LINES = 20_000


@dataclass(slots=True)
class Item:
    """One row as the record that it will be; `record` is the one that it changes, where there is one.

    The period is that of the content; a row that changes nothing has none. The hidden key is there where
    it is the row's own: a row that was copied has none.
    """

    table: Table
    line: Line
    content: Content
    period: Period | None
    fate: Fate
    is_handed_in: bool
    record: ActivityRecord | None = None
    key: uuid.UUID | None = None
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def before(self) -> Content | None:
        """Return the content that is stored now."""
        return Content.of(self.record) if self.record else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do. With a problem it does nothing."""

    unit: Unit
    items: list[Item]
    problems: list[Problem]
    passed_over: list[str]

    def of(self, fate: Fate) -> list[Item]:
        """Return the rows that meet this fate."""
        return [item for item in self.items if item.fate is fate]

    def counts(self) -> dict[str, int]:
        """Return how many rows meet each fate."""
        counted = Counter(item.fate for item in self.items)
        return {fate.value: counted[fate] for fate in Fate}

    @property
    def has_work(self) -> bool:
        """Say whether the import would change anything."""
        return any(item.fate is not Fate.UNCHANGED for item in self.items)


@dataclass(slots=True)
class Planner:
    """Compares the tables of a file with what the unit has. Queries: one each for periods and records."""

    unit: Unit
    campaign: Campaign
    is_final: bool
    problems: list[Problem] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    today: dt.date = field(init=False)

    def __post_init__(self) -> None:
        self.today = self.campaign.today(timezone.now())

    def plan(self, tables: list[Table]) -> list[Item]:
        """Return the items of the sound rows; look at `problems` before using them."""
        if sum(len(table.lines) for table in tables) > MOST_LINES:
            message = _("The file has more than %(limit)s rows with activities. Hand it in in parts.")
            return self._note(Problem("", 0, "", "", "too_many", message % {"limit": f"{MOST_LINES:,}"}))
        weekly = Period.objects.filter(campaign=self.campaign).weekly()
        self.periods = list(weekly.select_related("campaign").order_by("starts_on"))
        rows = [row for table in tables for line in table.lines if (row := self._row(table, line))]
        records = ActivityRecord.objects.filter(unit=self.unit, activity_type__campaign=self.campaign)
        stored = list(records.filter(activity_type__in={table.layout.activity_type.pk for table in tables}))
        matched = match(rows, stored, self.unit)
        self.problems += matched.problems
        candidates = [
            (row, item)
            for place, row in enumerate(rows)
            if (item := self._candidate(row, matched.records.get(place), matched.keys.get(place)))
        ]
        items = self._judge(candidates)
        self.problems.sort(key=lambda problem: problem.row)
        return items

    def _note(self, problem: Problem) -> list[Item]:
        """Add a problem of the whole file, which leaves nothing to look at."""
        self.problems.append(problem)
        return []

    def _row(self, table: Table, line: Line) -> Row | None:
        """Return one line with its values read; None where day or title are missing or a cell is no value."""
        given: dict[str, Any] = {}
        before = len(self.problems)
        fields = table.layout.resource.fields
        for name in line.cells:
            try:
                given[name] = fields[name].widget.clean(line.cells[name])
            except CellError as refused:
                self.problems.append(table.problem(line.row, name, refused.code, str(refused)))
        for name, message in ((DAY, _("The day is missing.")), (TITLE, _("The title is missing."))):
            if name in given and not given[name]:
                self.problems.append(table.problem(line.row, name, "required", message))
        return Row(table, line, given) if len(self.problems) == before else None

    def _candidate(self, row: Row, record: ActivityRecord | None, key: uuid.UUID | None) -> Item | None:
        """Return a row with its content and record; None where it would change what can change no more."""
        before = Content.of(record) if record else None
        item = Item(row.table, row.line, content_of(row, before), None, Fate.NEW, False, record, key)
        if record is None:
            return item
        if not is_touched(row, record, item.content, is_final=self.is_final):
            item.fate = Fate.UNCHANGED
            return item
        if record.is_editable:
            item.fate = Fate.CHANGED
            return item
        message = _("This record is %(status)s and cannot be changed here; a reviewer has to give it back.")
        self._refuse(row, [RuleError("locked", message % {"status": record.get_status_display()})])
        return None

    def _judge(self, candidates: list[tuple[Row, Item]]) -> list[Item]:
        """Return the items that obey the hard rules and whose doubts are explained; note what does not."""
        items = []
        n_files_of = self._n_files(candidates)
        for (row, item), found in zip(candidates, self._doubts(candidates), strict=True):
            if item.fate is Fate.UNCHANGED:
                items.append(item)
                continue
            content = explained(row, item.content, found)
            if content == item.before and not self._is_due(item):
                item.fate = Fate.UNCHANGED
                items.append(item)
                continue
            due = unexplained(content, found) if self.is_final else []
            n_files = n_files_of.get(item.record.pk, 0) if item.record else 0
            period = self._judged(row, content, due, n_files)
            if period is not None:
                item.content, item.period, item.doubts = content, period, found
                item.is_handed_in = self.is_final
                items.append(item)
        return items

    def _is_due(self, item: Item) -> bool:
        """Say whether a row hands its record in although it says what is stored.

        A returned record is not handed in so, for the same file handed in again has to change nothing.
        """
        return self.is_final and item.record is not None and item.record.state is Status.DRAFT

    def _doubts(self, candidates: list[tuple[Row, Item]]) -> list[list[Doubt]]:
        """Return what is doubtful about each row that has to explain it, or does."""
        asked = [self._is_asked(row, item) for row, item in candidates]
        cases = [
            Case(
                self.unit,
                item.table.layout.activity_type.pk,
                item.content,
                item.table.layout.design,
                item.record.pk if item.record else None,
            )
            for (_row, item), is_asked in zip(candidates, asked, strict=True)
            if is_asked
        ]
        found = iter(doubts_about(cases))
        return [next(found) if is_asked else [] for is_asked in asked]

    def _is_asked(self, row: Row, item: Item) -> bool:
        """Say whether a row changes anything and is handed in, or has an explanation to keep."""
        explains = row.given.get(EXPLANATION) or item.content.reasons
        return item.fate is not Fate.UNCHANGED and bool(self.is_final or explains)

    def _n_files(self, candidates: list[tuple[Row, Item]]) -> dict[int, int]:
        """Return how many files the stored records of types that ask for files have. Queries: one."""
        pks = [
            item.record.pk
            for _row, item in candidates
            if item.record is not None and item.table.layout.design.n_attachments
        ]
        return holding.n_counted_of(pks) if pks and self.is_final else {}

    def _judged(self, row: Row, content: Content, due: list[RuleError], n_files: int) -> Period | None:
        """Return the period of a content that obeys the rules; None, and notes, where it does not."""
        layout = row.table.layout
        found = gaps(content, layout.design, today=self.today, n_files=n_files)
        if not self.is_final:
            found = [gap for gap in found if gap.code not in INCOMPLETE]
        period = None
        try:
            check_values(content, layout.indicators)
            period = admitted(self._period(content.held_on), self.unit, content.held_on)
        except RuleError as refused:
            found = [gap for gap in found if gap.field != refused.field] + [refused]
        self._refuse(row, [*found, *due])
        return None if found or due else period

    def _period(self, day: dt.date) -> Period | None:
        """Return the week that holds `day`."""
        at = bisect_right(self.periods, day, key=lambda period: period.starts_on) - 1
        return self.periods[at] if at >= 0 and day <= self.periods[at].ends_on else None

    def _refuse(self, row: Row, found: Iterable[RuleError]) -> None:
        """Note broken rules at their cells."""
        for gap in found:
            name = EXPLANATION if gap.field.startswith(REASON_PREFIX) else gap.field
            self.problems.append(row.table.problem(row.line.row, name, gap.code, str(gap.message)))
