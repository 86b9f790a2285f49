"""The lives of the demonstration's records, planned before any row is written; knows no database."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from portal.demonstration import texts
from reports.campaigns.models import ActivityType
from reports.records.content import Content
from reports.records.states import Verb
from units.models import Account, Unit

# How often a record goes which way, in percent: the verbs after the first submission.
WAYS: list[tuple[int, list[Verb]]] = [
    (82, [Verb.APPROVE]),
    (9, [Verb.RETURN, Verb.EDIT, Verb.SUBMIT, Verb.APPROVE]),
    (2, [Verb.RETURN, Verb.EDIT, Verb.SUBMIT, Verb.RETURN, Verb.EDIT, Verb.SUBMIT, Verb.APPROVE]),
    (2, [Verb.APPROVE, Verb.REOPEN, Verb.EDIT, Verb.SUBMIT, Verb.APPROVE]),
    (3, [Verb.RETURN]),
    (2, [Verb.RETURN, Verb.VOID]),
]
REASONS = {
    Verb.RETURN: texts.RETURN_REASONS,
    Verb.REOPEN: texts.REOPEN_REASONS,
    Verb.VOID: texts.VOID_REASONS,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a record: what was done, when, by whom, why, with what content afterwards."""

    verb: Verb
    at: dt.datetime
    actor: Account
    content: Content
    note: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """One record from its first step, the creation, to its last."""

    key: uuid.UUID
    unit: Unit
    activity_type: ActivityType
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and by whom one record is made, and until which moment its life is told."""

    unit: Unit
    liaison: Account
    reviewers: list[Account]
    activity_type: ActivityType
    now: dt.datetime
    zone: ZoneInfo


def life(scene: Scene, content: Content, chance: random.Random) -> Life:
    """Return a plausible life: entered after the activity, submitted, decided; cut at the scene's now."""
    begun = _entered_at(scene, content.held_on, chance)
    verbs = [Verb.EDIT]
    if chance.random() > 0.03:
        [way] = chance.choices([way for _weight, way in WAYS], [weight for weight, _way in WAYS])
        verbs += [Verb.SUBMIT, *_with_endorsements(scene, way)]
    return told(scene, content, verbs, begun, chance)


def told(
    scene: Scene, content: Content, verbs: list[Verb], begun: dt.datetime, chance: random.Random
) -> Life:
    """Return the life that these verbs make from the moment `begun`; what lies after now is not told."""
    key = uuid.UUID(int=chance.getrandbits(128), version=4)
    reviewer = chance.choice(scene.reviewers)
    is_today = content.held_on == scene.now.astimezone(scene.zone).date()
    steps: list[Step] = []
    at = begun
    for verb in verbs:
        if steps:
            at = _soon(at, scene.now, chance) if is_today else _later(verb, at, scene.zone, chance)
        if at > scene.now:
            break
        if verb is Verb.EDIT and steps:
            content = corrected(content, chance)
        note = chance.choice(REASONS[verb]) if verb in REASONS else ""
        steps.append(Step(verb, at, _actor(scene, verb, reviewer, steps), content, note))
    return Life(key, scene.unit, scene.activity_type, steps)


def _with_endorsements(scene: Scene, way: list[Verb]) -> list[Verb]:
    """Put the first review before each approval where two have to agree."""
    if not scene.activity_type.needs_second_review:
        return way
    return [step for verb in way for step in ([Verb.ENDORSE, verb] if verb is Verb.APPROVE else [verb])]


def _actor(scene: Scene, verb: Verb, reviewer: Account, steps: list[Step]) -> Account:
    """Return who takes a step: the liaison, the reviewer, or a colleague for the second review."""
    if verb in {Verb.EDIT, Verb.SUBMIT, Verb.VOID}:
        return scene.liaison
    is_second = verb is Verb.APPROVE and steps[-1].verb is Verb.ENDORSE
    return next(one for one in scene.reviewers if one != reviewer) if is_second else reviewer


def corrected(content: Content, chance: random.Random) -> Content:
    """Return the content as a liaison corrects it after a return."""
    values = dict(content.values)
    for code in ("onsite", "online", "persons"):
        if values.get(code):
            values[code] = max(1, values[code] * chance.randint(78, 104) // 100)
    return replace(content, values=values, text=content.text + "（已按审核意见核对）")


def _entered_at(scene: Scene, held_on: dt.date, chance: random.Random) -> dt.datetime:
    """Return when the liaison began to enter it: that afternoon or the next working morning.

    What was held today has been entered between midnight and now.
    """
    if held_on == scene.now.astimezone(scene.zone).date():
        midnight = dt.datetime.combine(held_on, dt.time.min, scene.zone)
        return midnight + (scene.now - midnight) * chance.uniform(0.55, 0.97)
    if chance.random() < 0.7:
        return _on(held_on, chance.randint(15, 17), chance.randint(0, 59), scene.zone)
    return _on(_working_day(held_on + dt.timedelta(days=1)), 9, chance.randint(0, 59), scene.zone)


def _soon(at: dt.datetime, now: dt.datetime, chance: random.Random) -> dt.datetime:
    """Return when the next step of a record of today follows; one in four lies behind now and is cut."""
    return at + (now - at) * chance.uniform(0.1, 1.3)


def _later(verb: Verb, at: dt.datetime, zone: ZoneInfo, chance: random.Random) -> dt.datetime:
    """Return when the next step follows: the unit's own within the hour, a decision in working hours."""
    if verb is Verb.SUBMIT:
        return at + dt.timedelta(minutes=chance.randint(4, 40), seconds=chance.randint(0, 59))
    wait = {Verb.REOPEN: (90, 200), Verb.EDIT: (2, 30), Verb.VOID: (3, 50)}.get(verb, (3, 66))
    local = (at + dt.timedelta(hours=chance.randint(*wait), minutes=chance.randint(0, 59))).astimezone(zone)
    if 8 <= local.hour < 18 and local.weekday() < 5:
        return local
    day = local.date() if local.hour < 8 else local.date() + dt.timedelta(days=1)
    return _on(_working_day(day), 8 + chance.randint(0, 3), chance.randint(0, 59), zone)


def _working_day(day: dt.date) -> dt.date:
    """Return the day itself or the Monday after it."""
    return day if day.weekday() < 5 else day + dt.timedelta(days=7 - day.weekday())


def _on(day: dt.date, hour: int, minute: int, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), zone)
