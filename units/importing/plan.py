"""The plan of an import: what is new, what changes field by field, what stays, and every error at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.importing.kinds import KindRule
from units.importing.table import Band, Line, Problem, Table
from units.importing.values import FACTS, CellError, value_of, written
from units.models import Unit, UnitKind

CHUNK = 5000


class Fate(models.TextChoices):
    """What an import does with one row."""

    NEW = "new", gettext_lazy("new")
    CHANGED = "changed", gettext_lazy("changed")
    UNCHANGED = "unchanged", gettext_lazy("unchanged")


@dataclass(frozen=True, slots=True)
class Options:
    """What is said beside the file: the codes of the parent and the kind of rows without their own."""

    parent: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One row with its unit as it will be; `changes` maps a field to [old, new], the parent by its code.

    `wave` is 0 for a unit whose parent is stored already, 1 for its children in the same file, and so on.
    """

    row: int
    band: str
    unit: Unit
    fate: Fate
    changes: dict[str, list[str]]
    wave: int = 0

    def named_changes(self) -> list[tuple[str, list[str]]]:
        """Return the changes under the names that people know the columns by."""
        named = {field.name: str(field.verbose_name) for field in Unit._meta.concrete_fields}
        return [(named[name], change) for name, change in self.changes.items()]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do. With a problem it does nothing."""

    items: list[Item]
    problems: list[Problem]
    bands: list[Band]
    kind_rule: str
    n_skipped: int

    def count(self, fate: Fate) -> int:
        """Return how many rows meet this fate."""
        return sum(item.fate is fate for item in self.items)

    def counts(self) -> str:
        """Return how many rows meet each fate, in words."""
        numbers = {fate.value: self.count(fate) for fate in Fate}
        return _("%(new)d new, %(changed)d changed, %(unchanged)d unchanged") % numbers

    def by_kind(self) -> list[tuple[UnitKind, int]]:
        """Return how many units of the file are of each kind, in the bureau's order."""
        counted = Counter(item.unit.kind_id for item in self.items)
        kinds = {item.unit.kind_id: item.unit.kind for item in self.items}
        return [(kind, counted[kind.pk]) for kind in sorted(kinds.values(), key=lambda kind: kind.position)]


@dataclass(slots=True)
class Planner:
    """Compares one table with what is stored. Queries: one for the kinds, one per 5,000 codes."""

    table: Table
    options: Options
    problems: list[Problem] = field(default_factory=list)
    stored: dict[str, Unit] = field(default_factory=dict)
    new: dict[str, Unit] = field(default_factory=dict)
    kinds: dict[str, UnitKind] = field(default_factory=dict)

    def plan(self) -> Plan:
        """Return the plan; nothing is written."""
        self.kinds = {kind.code: kind for kind in UnitKind.objects.all()}
        self.stored = dict(self._stored())
        self.problems = list(self.table.problems)
        rule = KindRule(self.table, self.options.kind, self.kinds.values())
        self._check_options(rule)
        # Every row is asked, so that one with two errors tells both.
        of_known_kind = {line.row for line in self.table.lines if self._kind_fits(line, rule)}
        lines = [line for line in self._sound_lines() if line.row in of_known_kind]
        self.new = {
            line.texts["code"]: Unit(code=line.texts["code"])
            for line in lines
            if line.texts["code"] not in self.stored
        }
        items = [self._item(line, rule) for line in lines]
        items = self._in_waves(items)
        self.problems.sort(key=lambda problem: (problem.row, problem.column))
        return Plan(items, self.problems, self.table.bands, rule.sentence(), self.table.n_skipped)

    def _stored(self) -> Iterator[tuple[str, Unit]]:
        """Yield the stored units that the file or the options name by code."""
        codes = {
            line.texts[name] for line in self.table.lines for name in ("code", "parent") if name in line.texts
        }
        wanted = sorted((codes | {self.options.parent}) - {""})
        for start in range(0, len(wanted), CHUNK):
            rows = Unit.objects.filter(code__in=wanted[start : start + CHUNK])
            for unit in rows.select_related("kind", "parent").order_by():
                yield unit.code, unit

    def _check_options(self, rule: KindRule) -> None:
        """Note an unknown parent or kind of the options, and a table without a single row."""
        parent, kind = self.options.parent, self.options.kind
        if parent and parent not in self.stored:
            self._note(
                0, "", "parent_unknown", _("There is no unit with the code “%(code)s”.") % {"code": parent}
            )
        if kind and kind not in rule.names:
            self._note(
                0, "", "kind_unknown", _("There is no kind of unit called “%(kind)s”.") % {"kind": kind}
            )
        if not self.table.lines:
            self._note(0, "", "no_rows", _("The table has a header and no row below it."))

    def _sound_lines(self) -> Iterator[Line]:
        """Yield the rows with a name and a code that no row above has."""
        seen: dict[str, int] = {}
        for line in self.table.lines:
            code, name = line.texts["code"], line.texts["name"]
            if not code:
                self._note(line.row, "code", "code_missing", _("The code is missing."))
            if not name:
                self._note(line.row, "name", "name_missing", _("The name is missing."))
            if code in seen:
                message = _("The code “%(code)s” stands in row %(row)d already.")
                self._note(line.row, "code", "code_twice", message % {"code": code, "row": seen[code]})
            elif code and name:
                yield line
            if code:
                seen.setdefault(code, line.row)

    def _kind_fits(self, line: Line, rule: KindRule) -> bool:
        """Note a kind that does not exist, or that is missing for a new unit."""
        code = rule.code(line)
        if code is None or (code and code not in self.kinds):
            message = _("There is no kind of unit called “%(kind)s”.")
            self._note(
                line.row, "kind", "kind_unknown", message % {"kind": line.texts.get("kind") or code or ""}
            )
            return False
        if not code and line.texts["code"] not in self.stored:
            message = _("The unit is new and the file does not say of which kind it is; give the kind.")
            self._note(line.row, "kind", "kind_missing", message)
            return False
        return True

    def _item(self, line: Line, rule: KindRule) -> Item:
        """Return one row with its unit filled in and what that changes."""
        code = line.texts["code"]
        stored = self.stored.get(code)
        unit = stored or self.new[code]
        changes: dict[str, list[str]] = {}
        for name in FACTS:
            if name in self.table.columns:
                self._set_fact(line, unit, name, changes)
        kind = rule.code(line)
        if kind and (stored is None or unit.kind.code != kind):
            changes["kind"] = [unit.kind.code if stored else "", kind]
            unit.kind = self.kinds[kind]
        self._set_parent(line, unit, changes)
        self._validate(line, unit)
        self._check_days(line, unit, changes)
        fate = Fate.NEW if stored is None else Fate.CHANGED if changes else Fate.UNCHANGED
        return Item(line.row, line.band, unit, fate, changes)

    def _set_fact(self, line: Line, unit: Unit, name: str, changes: dict[str, list[str]]) -> None:
        """Set one fact as the row gives it, or note that the cell holds no such value."""
        try:
            value, stored = value_of(name, line.texts[name]), getattr(unit, name)
        except CellError as refused:
            self._note(line.row, name, refused.code, str(refused))
            return
        if value != stored:
            changes[name] = [written(stored), written(value)]
            setattr(unit, name, value)

    def _check_days(self, line: Line, unit: Unit, changes: dict[str, list[str]]) -> None:
        """Note a unit that closes before it opens, and a merged one that would be closed otherwise."""
        if unit.opened_on and unit.closed_on and unit.closed_on <= unit.opened_on:
            message = _("A unit closes after the day on which it opened.")
            self._note(line.row, "closed_on", "closes_before_opening", message)
        if unit.merged_into_id and "closed_on" in changes:
            message = _("This unit was merged into another one; its closing stays as it is.")
            self._note(line.row, "closed_on", "merged", message)

    def _set_parent(self, line: Line, unit: Unit, changes: dict[str, list[str]]) -> None:
        """Put a new unit under its parent or note a move; a file without parents moves no stored unit."""
        given = line.texts.get("parent", "")
        wanted = given or (self.options.parent if self.options.parent != unit.code else "")
        if not wanted:
            return
        parent = self.stored.get(wanted) or self.new.get(wanted)
        if given and parent is None:
            message = _("There is no unit with the code “%(code)s”, stored or in this file.")
            self._note(line.row, "parent", "parent_unknown", message % {"code": given})
        elif given == unit.code:
            self._note(line.row, "parent", "own_parent", _("A unit cannot be its own parent."))
        elif parent is not None and (unit.parent is None or unit.parent.code != wanted):
            changes["parent"] = [unit.parent.code if unit.parent else "", wanted]
            unit.parent = parent

    def _validate(self, line: Line, unit: Unit) -> None:
        """Note what the columns of a unit refuse, such as a name that is too long."""
        try:
            unit.clean_fields(exclude=["kind", "parent", "path"])
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._note(line.row, name, "refused", " ".join(messages))

    def _in_waves(self, items: list[Item]) -> list[Item]:
        """Return the items with the wave of each, or note those whose parents form a circle."""
        waves = _waves(self.new)
        for item in items:
            if item.fate is Fate.NEW and item.unit.code not in waves:
                message = _("The parents in this file form a circle.")
                self._note(item.row, "parent", "circle", message)
        return [replace(item, wave=waves.get(item.unit.code, 0)) for item in items]

    def _note(self, row: int, column: str, code: str, message: str) -> None:
        """Add a problem; `column` is a field of the table, or empty."""
        self.problems.append(Problem(row, self.table.letters(column), code, message))


def make_plan(table: Table, options: Options) -> Plan:
    """Return what importing `table` would do to what is stored now; nothing is written."""
    return Planner(table, options).plan()


def _waves(new: dict[str, Unit]) -> dict[str, int]:
    """Return how far below a stored unit, or the top, each new one hangs; those in a circle are absent."""
    below: dict[str, list[Unit]] = {}
    for unit in new.values():
        above = unit.parent.code if unit.parent and unit.parent.code in new else ""
        below.setdefault(above, []).append(unit)
    waves: dict[str, int] = {}
    reached, wave = below.get("", []), 0
    while reached:
        waves.update({unit.code: wave for unit in reached})
        reached = [child for unit in reached for child in below.get(unit.code, [])]
        wave += 1
    return waves
