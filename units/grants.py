"""Move the grants of one unit to another, as a reorganisation needs it; each is written down."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.models import Group

from units import audit, scope, teams
from units.models import Account, AuditEntry, Deed, Team, TeamUnit, Unit
from units.roles import ROLES

ROLE_OF = {role.permission: role.code for role in ROLES.values() if role.permission}
Grant = tuple[Account | Group, str]


def move(old: Unit, new: Unit, *, actor: Account | None, account: Account | None = None) -> int:
    """Move the grants on `old` to `new`, those of one account or of all, and the home unit with them.

    Returns how many grants were moved; one that `new` has already is only taken away from `old`.
    """
    moved = scope.grants_on(old, account)
    known = set(scope.grants_on(new, account))
    for subject, permission in moved:
        scope.revoke(subject, permission, old)
        scope.grant(subject, permission, new)
    audit.record_many(_told(moved, known, old, new, actor))
    _move_homes(old, new, actor, account)
    if account is None:
        covered = TeamUnit.objects.filter(unit=new).values_list("team", flat=True)
        TeamUnit.objects.filter(unit=old, team__in=list(covered)).delete()
        TeamUnit.objects.filter(unit=old).update(unit=new)
    return len(moved)


def copy_coverage(old: Unit, new: Unit, *, actor: Account | None) -> None:
    """Let every team that covers `old` cover `new` too."""
    for row in TeamUnit.objects.filter(unit=old).select_related("team__group"):
        teams.let_cover(row.team, new, actor=actor)


def _move_homes(old: Unit, new: Unit, actor: Account | None, account: Account | None) -> None:
    """Let the people whose home `old` was be at home at `new`."""
    people = Account.objects.filter(unit=old)
    moving = list(people.filter(pk=account.pk) if account else people)
    Account.objects.filter(pk__in=[one.pk for one in moving]).update(unit=new)
    changes = {"unit": [old.pk, new.pk]}
    audit.record_many(
        audit.entry(Deed.CHANGE, actor=actor, subject=one, unit=new, changes=changes) for one in moving
    )


def _told(
    moved: list[Grant], known: set[Grant], old: Unit, new: Unit, actor: Account | None
) -> Iterator[AuditEntry]:
    """Yield what the trail says of the moved grants: taken at the one unit, given at the other."""
    for subject, permission in moved:
        row, changes = _named(subject, permission)
        yield audit.entry(Deed.REVOKE, actor=actor, subject=row, unit=old, changes=changes)
        if (subject, permission) not in known:
            yield audit.entry(Deed.GRANT, actor=actor, subject=row, unit=new, changes=changes)


def _named(subject: Account | Group, permission: str) -> tuple[Account | Group | Team, dict[str, str]]:
    """Return a grant as the verbs on roles and on teams write theirs down."""
    if isinstance(subject, Account):
        return subject, {"role": ROLE_OF.get(permission, permission)}
    team = Team.objects.filter(group=subject).first()
    return team or subject, {"role": "team" if team else permission}
