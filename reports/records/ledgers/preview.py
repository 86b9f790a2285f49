"""What a page shows of a plan: its counts, and the part that fits on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.records.asked import VALUE_PREFIX, entry_shown
from reports.records.content import Content
from reports.records.ledgers.columns import EXPLANATION, Column, explanation_in
from reports.records.ledgers.planning import Item, Plan
from reports.records.models import STATUS_CHOICES
from reports.records.states import Status
from units.importing.plan import Fate

PAGE_SIZE = 50
HANDED_IN = dict(STATUS_CHOICES)[Status.SUBMITTED.value]
ERRORS = "errors"
LABELS: dict[str, str | Promise] = {
    ERRORS: _("Errors"),
    Fate.NEW.value: _("Added"),
    Fate.CHANGED.value: _("Changed"),
    Fate.UNCHANGED.value: _("Unchanged"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of a plan, with how much is in it."""

    code: str
    label: str | Promise
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One field as it was and as it will be; empty where nothing was or will be."""

    label: str | Promise
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a plan as a page shows it."""

    item: Item
    changes: list[Change]

    @property
    def facts(self) -> list[Change]:
        """Return the entries of a new row that fit on a line: its numbers and choices."""
        return [Change(column.name, "", _said(column, self.item.content)) for column in self._asked()]

    def _asked(self) -> Iterator[Column]:
        """Yield the columns of indicators in which something stands."""
        for column in self.item.table.layout.columns:
            if column.ask is not None and _said(column, self.item.content):
                yield column


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan on a page: the tabs, and the rows or errors of the one that is open."""

    plan: Plan
    tabs: list[Tab]
    open: Tab
    page: Page[Any]
    rows: list[Shown]

    @property
    def seen(self) -> str:
        """Return the versions of the records that would change, as the confirmation sends them back."""
        changed = (item.record for item in self.plan.of(Fate.CHANGED))
        return ",".join(f"{record.pk}:{record.version}" for record in changed if record is not None)


def seen_in(sent: str) -> dict[int, int]:
    """Return the versions that a confirmation sends back; what is no pair of numbers was not seen."""
    pairs = (pair.partition(":") for pair in sent.split(","))
    return {int(pk): int(version) for pk, _colon, version in pairs if pk.isdecimal() and version.isdecimal()}


def preview_of(plan: Plan, wanted: str, page: str) -> Preview:
    """Return the part of a plan that was asked for: the errors first, else what changes most."""
    counts = {ERRORS: len(plan.problems), **plan.counts()}
    filled = [code for code in LABELS if counts[code]]
    shown = wanted if wanted in LABELS else (filled or [Fate.NEW.value])[0]
    tabs = [Tab(code, label, counts[code], code == shown) for code, label in LABELS.items()]
    listed: list[Any] = plan.problems if shown == ERRORS else plan.of(Fate(shown))
    opened = Paginator(listed, PAGE_SIZE).get_page(page)
    rows = [] if shown == ERRORS else [Shown(item, list(_changes(item))) for item in opened]
    return Preview(plan, tabs, next(tab for tab in tabs if tab.is_shown), opened, rows)


def _changes(item: Item) -> Iterator[Change]:
    """Yield what a row changes in its record, field by field in the order of the sheet."""
    before = item.before
    if before is None:
        return
    for column in item.table.layout.columns:
        old, new = _said(column, before), _said(column, item.content)
        if old != new:
            yield Change(column.name, old, new)
    if item.is_handed_in and item.record is not None:
        yield Change(_("status"), item.record.get_status_display(), str(HANDED_IN))


def _said(column: Column, content: Content) -> str:
    """Return what a content holds in one column, as people read it."""
    if column.ask is not None:
        code = column.field.removeprefix(VALUE_PREFIX)
        return entry_shown(column.ask, content.values.get(code), content.answers.get(code, ""))
    if column.field == EXPLANATION:
        return explanation_in(content.reasons)
    value = getattr(content, column.field)
    return "，".join(value) if isinstance(value, tuple) else str(value)
