"""The search for words in records, Chinese ones among them, which no blank tells apart.

PostgreSQL looks the pairs of neighbouring characters up in an index and then reads what it found; SQLite
reads every record within reach.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, Q, TextField

from reports.records.querysets import RecordQuerySet
from units.models import Unit
from units.texts import tidy_line

SEARCHED = ("title", "place", "speaker", "topic", "text")
LONGEST_WORDS = 60
MOST_UNITS = 200


class Pairs(Func):
    """The pairs of neighbouring characters in what is searched; written as the index has it."""

    function = "portal_pairs"
    arg_joiner = " || ' ' || "
    output_field = ArrayField(TextField())


def matching(rows: RecordQuerySet, written: str, *, with_units: bool = False) -> RecordQuerySet:
    """Keep the records that hold each of the words that were written, in any of the searched columns.

    With `with_units`, the name of the record's unit counts, too.
    """
    found = rows
    for word in tidy_line(written)[:LONGEST_WORDS].split():
        held = Q()
        for column in SEARCHED:
            held |= Q(**{f"{column}__icontains": word})
        pairs = pairs_of(word)
        if pairs and connection.vendor == "postgresql":
            found = found.alias(pairs=Pairs(*map(F, SEARCHED)))
            held &= Q(pairs__contains=pairs)
        # By their numbers: an OR across two tables would find neither index.
        found = found.filter(held | Q(unit__in=_units(word)) if with_units else held)
    return found


def _units(word: str) -> list[int]:
    """Return the first units whose name holds a word. Queries: one."""
    named = Unit.objects.filter(name__icontains=word).order_by("pk")
    return list(named.values_list("pk", flat=True)[:MOST_UNITS])


def pairs_of(word: str) -> list[str]:
    """Return the pairs by which a word is looked up; those left out that another alphabet writes in cases.

    The database and Python do not agree on all of them.
    """
    pairs = {word[n : n + 2] for n in range(len(word) - 1)}
    safe = (pair for pair in pairs if all(c.isascii() or c.lower() == c.upper() for c in pair))
    return sorted({pair.lower() for pair in safe})
