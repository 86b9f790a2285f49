"""How a name is searched for a part of it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup
from django.db.models.lookups import IContains

# A migration makes it: the signs of a text and its neighbours two by two, in capitals.
PAIRS = "units_pairs"


if TYPE_CHECKING:
    Question = Lookup[str]
else:
    Question = Lookup


@CharField.register_lookup
class Holds(Question):
    """The text holds a part, whatever the case: `icontains` with an index for the parts of names.

    Chinese names are looked for by two characters, which no index of trigrams can find. Only for columns
    that have an index of `units_pairs`; on SQLite it is `icontains`.
    """

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Ask as `icontains` does."""
        plain: tuple[str, Any] = compiler.compile(IContains(self.lhs, self.rhs))
        return plain

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Ask for the part's pairs; from three signs on they may be apart, so the text is read as well."""
        part = str(self.rhs)
        wanted = [part] if len(part) == 1 else ["".join(pair) for pair in pairwise(part)]
        column, values = compiler.compile(self.lhs)
        has_pairs = f"{PAIRS}({column}) @> ARRAY[{', '.join(['UPPER(%s)'] * len(wanted))}]"
        if len(part) <= 2:
            return has_pairs, [*values, *wanted]
        plain, more = self.as_sql(compiler, connection)
        return f"({has_pairs} AND {plain})", [*values, *wanted, *more]
