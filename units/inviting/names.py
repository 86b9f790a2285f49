"""Sign-in names made of Chinese names, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Lower
from pypinyin import lazy_pinyin

from units.models import Account

OTHER = re.compile(r"[^a-z0-9]+")
LONGEST = 40
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sign-in name is made of; `given` stands before everything where it is said."""

    name: str
    unit_code: str
    phone: str
    given: str = ""

    def candidates(self) -> list[str]:
        """Return the names to try, the shortest first: wangxiaoming, with four digits, with the unit."""
        base = pinyin(self.name)
        more = [f"{base}{self.phone[-4:]}"] if len(self.phone) >= 4 else []
        code = OTHER.sub("", self.unit_code.lower())
        return [base, *more, *([f"{base}-{code}"] if code else [])]


def pinyin(name: str) -> str:
    """Return a name in plain letters and digits; "user" for one without any."""
    return OTHER.sub("", "".join(lazy_pinyin(name)).lower())[:LONGEST] or "user"


class NameGiver:
    """Gives each person a name that no account and nobody before in the same list has.

    Queries: one per 5,000 names to try, and one per name of which all are taken.
    """

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        tried: set[str] = set()
        for one in wanted:
            tried.update([one.given.lower()] if one.given else one.candidates())
        self.taken = _taken(sorted(tried))
        self.numbered: dict[str, Iterator[str]] = {}

    def give(self, wanted: Wanted) -> str:
        """Return a free name and keep it; "" where the given one is taken."""
        tried = [wanted.given] if wanted.given else wanted.candidates()
        for name in tried:
            if name.lower() not in self.taken:
                self.taken.add(name.lower())
                return name
        if wanted.given:
            return ""
        base = tried[0]
        if base not in self.numbered:
            self.numbered[base] = self._numbered(base)
        return next(self.numbered[base])

    def _numbered(self, base: str) -> Iterator[str]:
        """Yield base2, base3, …, those that are free."""
        stored = set(_lowered().filter(lowered__startswith=base).values_list("lowered", flat=True))
        number = 2
        while True:
            name = f"{base}{number}"
            if name not in stored and name not in self.taken:
                self.taken.add(name)
                yield name
            number += 1


def _taken(names: list[str]) -> set[str]:
    """Return those of the names that an account has, whatever the case."""
    found: set[str] = set()
    for start in range(0, len(names), CHUNK):
        rows = _lowered().filter(lowered__in=names[start : start + CHUNK])
        found.update(rows.values_list("lowered", flat=True))
    return found


def _lowered() -> models.QuerySet[Any]:
    return Account.objects.annotate(lowered=Lower("username")).order_by()
