"""The search for words in records, Chinese ones among them, which no blank tells apart.

PostgreSQL looks the pairs of neighbouring characters up in an index and then reads what it found; SQLite
reads every record within reach.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, Q, TextField

from reports.records.querysets import RecordQuerySet
from units.texts import tidy_line

SEARCHED = ("title", "place", "speaker", "topic", "text")
LONGEST_WORDS = 60


class Pairs(Func):
    """The pairs of neighbouring characters in what is searched; written as the index has it."""

    function = "portal_pairs"
    arg_joiner = " || ' ' || "
    output_field = ArrayField(TextField())


def matching(rows: RecordQuerySet, written: str) -> RecordQuerySet:
    """Keep the records that hold each of the words that were written, in any of the searched columns."""
    found = rows
    for word in tidy_line(written)[:LONGEST_WORDS].split():
        held = Q()
        for column in SEARCHED:
            held |= Q(**{f"{column}__icontains": word})
        found = found.filter(held)
        pairs = pairs_of(word)
        if pairs and connection.vendor == "postgresql":
            found = found.alias(pairs=Pairs(*map(F, SEARCHED))).filter(pairs__contains=pairs)  # type: ignore[misc]
    return found


def pairs_of(word: str) -> list[str]:
    """Return the pairs by which a word is looked up; those left out that another alphabet writes in cases.

    The database and Python do not agree on all of them.
    """
    pairs = {word[n : n + 2] for n in range(len(word) - 1)}
    safe = (pair for pair in pairs if all(c.isascii() or c.lower() == c.upper() for c in pair))
    return sorted({pair.lower() for pair in safe})
