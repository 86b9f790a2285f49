"""The types with which a campaign may begin: those of the case that the portal was built for."""

from __future__ import annotations

from dataclasses import dataclass

from reports.campaigns.designs import Ask, Design, Heads, Part

# The same code in several types is one figure everywhere.
SESSIONS = Ask("sessions", "场次", unit_of_measure="场", minimum=1, maximum=1_000_000, is_shared=True)
ONSITE = Ask("onsite", "线下人次", unit_of_measure="人次", maximum=1_000_000, heads=Heads.EVERYBODY.value)
ONLINE = Ask("online", "线上人次", unit_of_measure="人次", maximum=1_000_000, is_required=False)
MODES_OF_STUDY = ("原原本本学", "交流研讨学", "专家辅导学", "浸入体验学")
PHOTOS = frozenset({Part.PLACE.value, Part.ATTACHMENTS.value})


def count(code: str, name: str, measure: str, *, is_required: bool = True, decimals: int = 0) -> Ask:
    """Return one number of which there may be up to a million."""
    return Ask(
        code, name, unit_of_measure=measure, decimals=decimals, is_required=is_required, maximum=1_000_000
    )


PERSONS = count("persons", "参与人数", "人")


@dataclass(frozen=True, slots=True)
class StartingType:
    """One type to begin with; `n_minutes` to fill in."""

    code: str
    name: str
    is_required: bool
    guidance: str
    design: Design
    n_minutes: int = 3
    needs_second_review: bool = False


def _design(*asks: Ask, parts: tuple[Part, ...] = (), modes: tuple[str, ...] = ()) -> Design:
    """Return a form with place and photos, and whatever else is named."""
    more = {part.value for part in parts} | ({Part.MODE.value} if modes else set())
    return Design(parts=PHOTOS | more, modes=modes, asks=asks)


STARTING_TYPES = (
    StartingType(
        "study-class", "读书班", True, "领导班子和党员干部集中学习，一期算一次。",
        _design(SESSIONS, ONSITE, ONLINE, count("days", "学习天数", "天"), parts=(Part.TOPIC,)),
    ),
    StartingType(
        "seminar", "集中研讨", True, "围绕一个专题交流发言。",
        _design(
            SESSIONS, ONSITE, count("speakers", "交流发言", "人"), parts=(Part.TOPIC,), modes=MODES_OF_STUDY
        ),
    ),
    StartingType(
        "party-lecture", "专题党课", True, "书记、班子成员或先进典型讲党课。",
        _design(SESSIONS, ONSITE, ONLINE, parts=(Part.SPEAKER, Part.TOPIC)),
    ),
    StartingType(
        "lecture", "宣讲", False, "面向师生员工的宣讲报告。",
        _design(SESSIONS, ONSITE, ONLINE, parts=(Part.SPEAKER, Part.TOPIC)),
    ),
    StartingType(
        "discussion", "大学习大研讨", False, "面向基层党组织的学习讨论。",
        _design(SESSIONS, ONSITE, ONLINE, count("essays", "心得体会", "篇"), parts=(Part.TOPIC,)),
    ),
    StartingType(
        "research", "调研", True, "到一线听意见、查问题。",
        _design(
            SESSIONS, ONSITE, count("places", "走访点位", "个"), count("problems", "发现问题", "个"),
            parts=(Part.TOPIC, Part.TAGS),
        ),
    ),
    StartingType(
        "visit", "参观见学、联学联建", False, "外出参观或与其他单位共同学习。",
        _design(SESSIONS, ONSITE, count("partners", "联学单位", "个", is_required=False)),
    ),
    StartingType(
        "observation", "听课评课", False, "听思政课并当场评议。",
        _design(SESSIONS, count("lessons", "听课节数", "节"), count("teachers", "授课教师", "人")),
    ),
    StartingType(
        "example", "典型案例", False, "报送党建创新典型案例。",
        _design(count("cases", "案例数", "个"), parts=(Part.TAGS,)),
        n_minutes=2, needs_second_review=True,
    ),
    StartingType(
        "contest", "比学赶超", False, "干部业务比武和技能竞赛。", _design(SESSIONS, ONSITE, PERSONS)
    ),
    StartingType(
        "party-day", "主题党日", True, "党支部每月一次的主题党日。",
        _design(SESSIONS, ONSITE, ONLINE, parts=(Part.TOPIC,)),
    ),
    StartingType(
        "service", "办实事", False, "为师生群众办成的实事。",
        _design(
            count("deeds", "办结实事", "件"), PERSONS,
            count("funds", "投入资金", "万元", is_required=False, decimals=2), parts=(Part.TAGS,),
        ),
    ),
    StartingType(
        "reader", "专题读本", False, "编印、发放学习读本。",
        _design(count("copies", "发放册数", "册"), PERSONS),
        n_minutes=2,
    ),
)  # fmt: skip
