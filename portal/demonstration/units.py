"""The demonstration's tree: one bureau with its offices and the 42 units that report to it."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from units.models import Unit, UnitKind
from units.tree import plant, plant_many

CITY = "滨海市"
OFFICES = [
    "办公室",
    "组织人事处",
    "思想政治工作处",
    "基础教育处",
    "职业教育处",
    "高等教育处",
    "教育督导处",
    "机关党委",
]
AFFILIATED = [
    "教育科学研究院",
    "教育考试院",
    "教师发展中心",
    "教育技术中心",
    "学生资助管理中心",
    "教育装备中心",
    "学校后勤保障中心",
    "青少年活动中心",
    "教育对外交流中心",
    "语言文字工作中心",
    "教育宣传中心",
    "开放大学",
]
UNIVERSITIES = [
    "滨海珊瑚学院",
    "滨海启明职业学院",
    "滨海数字工程职业学院",
    "滨海康养职业学院",
    "滨海港航职业学院",
]
SCHOOLS = [
    *(f"第{number}中学" for number in "一二三四五六七八"),
    "外国语学校",
    "实验中学",
    "实验小学",
    *(f"第{number}小学" for number in "一二三四五"),
    "特殊教育学校",
    "旅游职业学校",
    "工业职业学校",
    "卫生学校",
    "艺术学校",
    "体育运动学校",
    "机关幼儿园",
    "湾区实验幼儿园",
]
INTERNATIONAL_COLLEGE = "滨海国际联合学院"
# Heads by kind: staff, party members, students; from and to.
HEADS = {
    "affiliated": ((24, 120), (12, 70), (0, 0)),
    "private_university": ((380, 900), (90, 260), (6000, 15000)),
    "school": ((60, 320), (20, 130), (600, 4200)),
    "international_college": ((180, 260), (50, 90), (1500, 2400)),
}


@dataclass(frozen=True, slots=True)
class Places:
    """The planted units; `reporting` in the order of their codes."""

    bureau: Unit
    reporting: list[Unit]

    def of_kind(self, code: str) -> list[Unit]:
        """Return the reporting units of one kind."""
        return [unit for unit in self.reporting if unit.kind.code == code]

    @property
    def show_case(self) -> Unit:
        """Return the school for which the shown liaison reports."""
        return self.of_kind("school")[0]


def make_units(first_day: dt.date, chance: random.Random) -> Places:
    """Plant the tree; the youngest kindergarten opens in the third week after `first_day`."""
    kinds = {kind.code: kind for kind in UnitKind.objects.all()}
    bureau = Unit(code="JY", name=f"{CITY}教育局", kind=kinds["bureau"], n_staff=86, n_party_members=79)
    bureau = plant(bureau, actor=None)
    plant_many(
        (
            Unit(code=f"JY{number:02d}", name=name, kind=kinds["office"], parent=bureau)
            for number, name in enumerate(OFFICES, 1)
        ),
        actor=None,
    )
    named = [
        *(("affiliated", f"ZS{number:02d}", CITY + name) for number, name in enumerate(AFFILIATED, 1)),
        *(("private_university", f"MB{number:02d}", name) for number, name in enumerate(UNIVERSITIES, 1)),
        *(("school", f"XX{number:02d}", CITY + name) for number, name in enumerate(SCHOOLS, 1)),
        ("international_college", "GJ01", INTERNATIONAL_COLLEGE),
    ]
    new = [
        _with_heads(Unit(code=code, name=name, kind=kinds[kind], parent=bureau), first_day, chance)
        for kind, code, name in named
    ]
    new[-2].opened_on = first_day + dt.timedelta(days=14)
    return Places(bureau, plant_many(new, actor=None))


def _with_heads(unit: Unit, first_day: dt.date, chance: random.Random) -> Unit:
    """Give the unit head-counts that fit its kind."""
    staff, members, students = HEADS[unit.kind.code]
    unit.n_staff = chance.randint(*staff)
    unit.n_party_members = min(chance.randint(*members), unit.n_staff)
    unit.n_students = chance.randint(*students)
    unit.counted_on = first_day
    unit.authority = f"{CITY}教育局"
    unit.place = CITY
    return unit
