"""The one rule that says of which kind an imported unit is."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from units.importing.table import Line, Table
from units.models import UnitKind

PRIVATE_NOTE = "民办"
PRIVATE = "private_university"
UNIVERSITY = "university"


class KindRule:
    """Which kind a row has, asked in this order: its own 类型 column, the kind given for all, 备注.

    The ministry's list (it has both 办学层次 and 备注) marks private universities by 民办 in 备注 alone;
    every other row of it is a university. A file without any of these says nothing: "".
    """

    def __init__(self, table: Table, given: str, kinds: Iterable[UnitKind]) -> None:
        self.given = given
        self.is_ministry_list = {"level", "note"} <= table.columns.keys()
        self.has_column = "kind" in table.columns
        self.names = {name: kind.code for kind in kinds for name in (kind.code, kind.name, kind.name_en)}

    def code(self, line: Line) -> str | None:
        """Return the kind's code, "" where the file does not say, None for a kind that does not exist."""
        written = line.texts.get("kind", "")
        if written:
            return self.names.get(written)
        if self.given:
            return self.names.get(self.given)
        if self.is_ministry_list:
            return PRIVATE if line.texts["note"] == PRIVATE_NOTE else UNIVERSITY
        return ""

    def sentence(self) -> str:
        """Return the rule as it applies to this file, for the person who looks at the dry run."""
        if self.has_column:
            return _("The kind of each unit is what its column for the kind says.")
        if self.given:
            return _("Every unit is of the kind “%(kind)s”, as given.") % {"kind": self.given}
        if self.is_ministry_list:
            return _("A unit whose note says 民办 is a private university, every other one a university.")
        return _("The file does not say of which kind its units are; those that are stored keep theirs.")
