"""A tree of units on five levels, of any size; the looked-at part has the same shape in all of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from units import paths
from units.pinyin import initials

SEED = 20_250_301
# As wide as a page of the tree and a little more, so that a page is as full in 3,000 units as in 500,000.
WIDEST = 60
FIELDS = ("id", "code", "name", "initials", "kind", "parent", "path", "n_students", "closed_on")
PLACES = ["东城", "西城", "南湾", "北岸", "新港", "青山", "临江", "望海", "石桥", "白沙", "龙门", "金湖"]
WORDS = {
    2: ["教育分局", "教育管理局", "教育发展中心"],
    3: ["学区", "教育集团", "联合校区"],
    4: ["第一中学", "实验小学", "外国语学校", "职业学院", "中心幼儿园", "师范附属小学"],
    5: ["语文教研组", "数学教研组", "党支部", "团委", "工会", "教务处", "后勤处"],
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How many units stand on the levels 2 to 5, and how many children each looked-at unit has."""

    levels: tuple[int, int, int, int]
    width: int

    @classmethod
    def of(cls, n_units: int) -> Shape:
        """Return the shape of a tree of so many units: one root, the looked-at part, and the rest below."""
        width = min(WIDEST, max(2, n_units // 10))
        rest = n_units - 1 - 4 * width
        third, fourth = round(rest**0.54), round(rest**0.785)
        return cls((width, width + third, width + fourth, width + rest - third - fourth), width)

    @property
    def firsts(self) -> list[int]:
        """Return the number of the first unit of each level from 1 to 5, which has `width` children."""
        found = [1, 2]
        for size in self.levels[:-1]:
            found.append(found[-1] + size)
        return found


def units(n_units: int, kinds: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of FIELDS, level by level, parents first; seeded."""
    chance, shape = random.Random(SEED), Shape.of(n_units)
    spelt = {word: initials(word) for words in (PLACES, *WORDS.values()) for word in words}
    root = paths.join("", 1)
    yield 1, "B1", "滨海市教育局", "bhsjyj", kinds["bureau"], None, root, None, None
    above: list[tuple[int, str]] = [(1, root)]
    for level, (first, size) in enumerate(zip(shape.firsts[1:], shape.levels, strict=True), start=2):
        here: list[tuple[int, str]] = []
        for n in range(size):
            # The first units of a level stand under the first one above, the rest under the rest.
            parent = above[0] if n < shape.width or level == 2 else above[1 + n % (len(above) - 1)]
            pk = first + n
            path = paths.join(parent[1], pk)
            place, word = chance.choice(PLACES), chance.choice(WORDS[level])
            kind = kinds["school" if level == 4 else "affiliated"]
            short = f"{spelt[place]}{pk}{spelt[word]}"
            n_students = chance.randrange(3000) if level == 4 else None
            yield pk, f"U{pk:07}", f"{place}{pk}{word}", short, kind, parent[0], path, n_students, None
            here.append((pk, path))
        above = here
