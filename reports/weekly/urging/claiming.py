"""The verb that urges those who owe a report: once within a day each, whoever presses the button."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly.models import Urging, WeeklyReport
from reports.weekly.urging.mailing import urging_mail
from reports.weekly.urging.owing import MOST_REPORTS, QUIET, Debtor, debtors, last_urged, urgeable
from units import audit, mail
from units.models import Account, Deed
from units.rules import RuleError


@transaction.atomic
def urge(numbers: Collection[int], *, actor: Account) -> list[Urging]:
    """Urge about those of the reports `numbers` that are owed at this moment and can still be filed.

    Whatever was filed, closed or urged meanwhile is left out, and so is what lies outside the actor's reach.
    Each person gets one mail about all of it; who has no address finds the notice on the start page.
    Raises: RuleError `too_many`, `nobody_owes` where nothing is left. Queries: the same for 3 and 3,000.
    """
    if len(numbers) > MOST_REPORTS:
        raise RuleError("too_many", _("Too many reports at once; narrow the list down to a week first."))
    now = timezone.now()
    owed = _claimed(numbers, actor, now)
    if not owed:
        message = _("Nobody is left to urge: all has been filed, closed, or urged within the last 24 hours.")
        raise RuleError("nobody_owes", message)
    made = Urging.objects.bulk_create([_urging(one, actor, now) for one in owed], batch_size=500)
    audit.record_many(
        audit.entry(Deed.URGE, actor=actor, subject=one.report, unit=one.report.unit, changes=_told(one))
        for one in owed
    )
    _tell(owed, made)
    return made


def _claimed(numbers: Collection[int], actor: Account, now: dt.datetime) -> list[Debtor]:
    """Return what is ours to urge, held until the commit.

    Two reviewers at once meet at the rows, or on SQLite at the one writer's lock; the second then sees the
    first one's urgings and leaves those reports alone.
    """
    rows = urgeable(actor, now).filter(pk__in=numbers, close_at__gte=now)
    held = list(rows.select_for_update(of=("self",)).order_by("pk"))
    lately = {pk for pk, at in last_urged(held).items() if at > now - QUIET}
    return debtors([report for report in held if report.pk not in lately], now)


def last_urging(report: WeeklyReport) -> Urging | None:
    """Return the latest urging of a report. Queries: one."""
    found: Urging | None = report.urgings.select_related("urged_by").order_by("-at").first()
    return found


def _urging(one: Debtor, actor: Account, now: dt.datetime) -> Urging:
    """Return the unsaved row of one urging."""
    return Urging(
        report=one.report, urged_by=actor, at=now, n_mailed=len(one.mailed), n_unmailed=len(one.unmailed)
    )


def _told(one: Debtor) -> dict[str, object]:
    """Return what the trail tells: how the report stood, and how many people were told in which way."""
    return {"standing": one.standing.value, "n_mailed": len(one.mailed), "n_unmailed": len(one.unmailed)}


def _tell(owed: list[Debtor], made: list[Urging]) -> None:
    """Queue one mail for each person about everything they were urged for."""
    by_person: defaultdict[int, list[Debtor]] = defaultdict(list)
    people: dict[int, Account] = {}
    for one in owed:
        for person in one.mailed:
            people[person.pk] = person
            by_person[person.pk].append(one)
    # No other urging has the first one's number.
    first = min(urging.pk for urging in made)
    mail.enqueue(
        [urging_mail(people[pk], listed, key=f"urging:{first}:{pk}") for pk, listed in by_person.items()]
    )
