"""What took place at the demonstration's units in ten weeks."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from portal.demonstration import texts
from portal.demonstration.campaign import RANGES, Frame
from portal.demonstration.lives import Life, Scene, life, told
from portal.demonstration.people import People
from portal.demonstration.units import Places
from reports.campaigns.designs import Part
from reports.campaigns.models import Period
from reports.campaigns.starting_types import STARTING_TYPES
from reports.records.content import Content
from reports.records.states import Verb
from units.models import Unit

# The same weeks on every machine; another number is another history.
SEED = 20_261_120
DESIGNS = {one.code: one.design for one in STARTING_TYPES}
# A campaign starts slowly, pauses for a holiday and then finds its pace.
PACE = [0.5, 0.9, 0.3, 1.0, 1.1, 0.9, 1.2, 1.1, 1.3, 1.2]
# How often a kind of unit does what; types that are not named weigh 2.
TASTE = {
    "affiliated": {"research": 5, "service": 5, "seminar": 4, "lecture": 2, "observation": 1},
    "private_university": {"lecture": 5, "observation": 5, "party-lecture": 4, "visit": 3},
    "school": {"lecture": 6, "party-day": 5, "service": 3, "contest": 3, "study-class": 3},
    "international_college": {"lecture": 4, "observation": 4, "visit": 4},
}
WEEKDAYS = [20, 22, 24, 22, 18, 5, 1]


@dataclass(frozen=True, slots=True)
class Stage:
    """All that the plan of the records needs to know."""

    places: Places
    people: People
    frame: Frame
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """Return the campaign's day."""
        return self.frame.campaign.today(self.now)

    def scene(self, unit: Unit, type_code: str) -> Scene:
        """Return the scene of one record at `unit`."""
        liaison = self.people.liaisons[unit.pk]
        activity_type = self.frame.types[type_code]
        zone = self.frame.campaign.zone
        return Scene(unit, liaison, self.people.reviewers, activity_type, self.now, zone)


def all_lives(stage: Stage) -> Iterator[Life]:
    """Yield every record's life; those that have not begun yet are left out.

    Each unit's week has a chance of its own, so that the hour of loading does not change older weeks.
    """
    yield from _to_do_today(stage, random.Random(SEED))
    for unit in stage.places.reporting:
        diligence = random.Random(f"{SEED} {unit.code}").choice([0.5, 1.2, 1.6, 2.0, 2.4, 2.8, 3.4])
        for week, pace in zip(stage.frame.weeks, PACE, strict=True):
            chance = random.Random(f"{SEED} {unit.code} {week.number}")
            for _number in range(max(0, round(chance.gauss(diligence * pace, 0.8)))):
                planned = _plan(stage, unit, week, random.Random(chance.getrandbits(64)))
                if planned is not None and planned.steps:
                    yield planned


def _plan(stage: Stage, unit: Unit, week: Period, chance: random.Random) -> Life | None:
    """Return one record of one week, None where its day has not come or the unit was not open."""
    [weekday] = chance.choices(range(7), WEEKDAYS)
    held_on = week.starts_on + dt.timedelta(days=weekday)
    taste = TASTE[unit.kind.code]
    [code] = chance.choices(list(DESIGNS), [taste.get(code, 2) for code in DESIGNS])
    content = make_content(unit, code, held_on, chance)
    if held_on > stage.today or not unit.is_open_on(held_on):
        return None
    return life(stage.scene(unit, code), content, chance)


def _to_do_today(stage: Stage, chance: random.Random) -> Iterator[Life]:
    """Yield what the shown liaison meets: a draft, a submission and a return, whatever the weekday."""
    unit, today = stage.places.show_case, stage.today
    midnight = dt.datetime.combine(today, dt.time.min, stage.frame.campaign.zone)
    passed = stage.now - midnight
    draft = make_content(unit, "party-day", today, chance)
    yield told(stage.scene(unit, "party-day"), draft, [Verb.EDIT], midnight + passed * 0.9, chance)
    waiting = make_content(unit, "lecture", today, chance)
    entered = min(midnight + passed * 0.6, stage.now - dt.timedelta(hours=1))
    yield told(stage.scene(unit, "lecture"), waiting, [Verb.EDIT, Verb.SUBMIT], entered, chance)
    back = make_content(unit, "visit", today - dt.timedelta(days=6), chance)
    entered = midnight - dt.timedelta(days=6) + dt.timedelta(hours=15)
    yield told(stage.scene(unit, "visit"), back, [Verb.EDIT, Verb.SUBMIT, Verb.RETURN], entered, chance)


def make_content(unit: Unit, type_code: str, held_on: dt.date, chance: random.Random) -> Content:
    """Return what a liaison enters: a title that fits the type, numbers that fit the unit."""
    words = {
        "theme": chance.choice(texts.THEMES),
        "audience": chance.choice(texts.AUDIENCES),
        "service": chance.choice(texts.SERVICES),
        "visited": chance.choice(texts.VISITED),
    }
    design = DESIGNS[type_code]
    return Content(
        held_on=held_on,
        # By the day and not by chance, so that a part more changes nothing else of the history.
        speaker=texts.SPEAKERS[held_on.day % len(texts.SPEAKERS)] if design.shows(Part.SPEAKER) else "",
        mode=design.modes[held_on.day % len(design.modes)] if design.modes else "",
        topic=words["theme"] if design.shows(Part.TOPIC) else "",
        title=chance.choice(texts.TITLES[type_code]).format(**words),
        place=words["visited"] if type_code == "visit" else chance.choice(texts.PLACES),
        text=chance.choice(texts.REPORTS),
        values=_values(unit, type_code, chance),
    )


def _values(unit: Unit, type_code: str, chance: random.Random) -> dict[str, int]:
    """Return the numbers of one record; attendances grow with the sessions and the unit."""
    n_sessions = chance.choice([1, 1, 1, 1, 1, 2, 2, 3])
    return {ask.code: _value(ask.code, unit, n_sessions, chance) for ask in DESIGNS[type_code].asks}


def _value(code: str, unit: Unit, n_sessions: int, chance: random.Random) -> int:
    """Return one plausible value in its smallest unit."""
    n_staff, n_students = unit.n_staff or 30, unit.n_students or 0
    if code == "sessions":
        return n_sessions
    if code == "onsite":
        most = min(n_staff + n_students // 8, 420)
        return n_sessions * chance.randint(min(12, most), most)
    if code == "online":
        is_online = chance.random() < 0.45
        return n_sessions * chance.randint(40, 200 + n_staff + n_students // 3) if is_online else 0
    return chance.randint(*RANGES[code])
