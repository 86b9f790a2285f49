"""Show what a reader gets for a week, whether or not it was made, and send it to them once more."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import Period
from reports.digests.building import build, overview
from reports.digests.facts import gather
from reports.digests.models import OutsideRecipient, Robot
from reports.digests.outside import outside_mail, whole_system
from reports.digests.readers import readers, topmost
from reports.digests.rendering import render
from reports.digests.robots.telling import say
from units import audit, authority, mail
from units.models import Account, Deed, Mail, TeamUnit, Unit
from units.rules import RuleError


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose digest of which week: exactly one of the three readers."""

    period: Period
    person: Account | None = None
    outside: OutsideRecipient | None = None
    robot: Robot | None = None


def letter_of(choice: Choice, *, key: str) -> Mail:
    """Return the unsaved mail as it would be made now; a robot's has a text alone.

    Raises: RuleError `nothing_to_read`.
    """
    if choice.outside is not None:
        part = whole_system(choice.period, now=timezone.now())
        return outside_mail(choice.outside, choice.period, part, key=key)
    if choice.robot is not None:
        return Mail(key=key, subject=str(choice.robot), text=_message(choice.robot, choice.period))
    found = readers([choice.person]) if choice.person is not None else []
    if not found:
        raise RuleError(
            "nothing_to_read", _("This person holds no role and is in no team: there is no digest for them.")
        )
    [reader] = found
    roots = list(Unit.objects.filter(parent=None))
    overseen = [unit for units in reader.teams.values() for unit in units]
    facts = gather(choice.period, reader.reports_for, now=timezone.now(), overseen=overseen)
    return render(build(reader, facts, roots), key=key)


def next_key(choice: Choice) -> str:
    """Return the key of the next sending by hand: the page carries it, so that two clicks send once."""
    reader = choice.person or choice.outside
    kind = "digest" if choice.person is not None else "outside"
    begin = f"{kind}:{choice.period.pk}:{reader.pk if reader else 0}:again:"
    return f"{begin}{Mail.objects.filter(key__startswith=begin).count() + 1}"


@transaction.atomic
def send_again(choice: Choice, *, actor: Account, key: str) -> Mail:
    """Queue a reader's mail once more, as it reads now; the same key twice is once.

    Raises: RuleError `not_yours`, `out_of_reach`, `nothing_to_read`, `no_address`, `sent_already`.
    """
    authority.check(actor, "units.change_mail", None)
    made = letter_of(choice, key=key)
    if not made.address:
        raise RuleError("no_address", _("There is no mail address to send this to."))
    if key != next_key(choice) or not mail.enqueue([made]):
        raise RuleError("sent_already", _("It is on its way already; look at the list of mails."))
    stored = Mail.objects.get(key=key)
    unit = choice.person.unit if choice.person is not None else None
    changes = {"address": stored.address, "period": choice.period.pk}
    audit.record(Deed.CREATE, actor=actor, subject=stored, unit=unit, changes=changes)
    return stored


def _message(robot: Robot, period: Period) -> str:
    """Return what a robot says about the week."""
    covered = topmost(row.unit for row in TeamUnit.objects.filter(team=robot.team).select_related("unit"))
    facts = gather(period, (), now=timezone.now(), overseen=covered)
    return say(robot, period, overview(str(robot.team), covered, facts))
