"""Move the grants of one unit to another, as a reorganisation needs it."""

from __future__ import annotations

from units import scope
from units.models import Account, TeamUnit, Unit


def move(old: Unit, new: Unit, *, account: Account | None = None) -> int:
    """Move the grants on `old` to `new`, those of one account or of all, and the home unit with them.

    Returns how many grants were moved; one that `new` has already is only taken away from `old`.
    """
    moved = scope.grants_on(old, account)
    for subject, permission in moved:
        scope.revoke(subject, permission, old)
        scope.grant(subject, permission, new)
    people = Account.objects.filter(unit=old)
    (people.filter(pk=account.pk) if account else people).update(unit=new)
    if account is None:
        covered = TeamUnit.objects.filter(unit=new).values_list("team", flat=True)
        TeamUnit.objects.filter(unit=old, team__in=list(covered)).delete()
        TeamUnit.objects.filter(unit=old).update(unit=new)
    return len(moved)


def copy_coverage(old: Unit, new: Unit) -> None:
    """Let every team that covers `old` cover `new` too."""
    for row in TeamUnit.objects.filter(unit=old).select_related("team__group"):
        TeamUnit.objects.get_or_create(team=row.team, unit=new)
        scope.grant(row.team.group, scope.OVERSEE, new)
