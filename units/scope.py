"""The only door to "which units may this person …".

Grants sit on units and cover the subtree; a grant for all units is the model permission. Grants are
few per person, so their paths are read first and lists are then filtered by prefix: a list costs the
same at 50 and at 500,000 units. Nothing is remembered between calls, so a revoked grant is gone at
the next question, inside a running task too. A team's grants hold on the team's days alone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import models
from django.db.models import Q, Value
from django.shortcuts import get_object_or_404
from django.utils import timezone
from guardian.shortcuts import assign_perm, remove_perm

from units import paths
from units.models import Account, Unit, UnitGroupObjectPermission, UnitUserObjectPermission
from units.prepared import Prepared, Words
from units.querysets import UnitQuerySet, on_duty, subtrees

REPORT = "report_unit"
SIGN = "sign_unit"
REVIEW = "review_unit"
OVERSEE = "oversee_unit"
READ = (REPORT, SIGN, REVIEW, OVERSEE)

Person = Account | AnonymousUser
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a permission of one person reaches: everything, or the subtrees of some paths."""

    is_everything: bool
    paths: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether the permission reaches no unit at all."""
        return not self.is_everything and not self.paths

    def condition(self, field: str) -> Q:
        """Return the condition on the path column `field` that keeps what is within reach.

        Everything is a condition that always holds, for an empty `Q()` would vanish from an OR.
        """
        return ~Q(pk__in=()) if self.is_everything else subtrees(self.paths, field)

    def covers(self, path: str) -> bool:
        """Say whether the unit with this path is within reach."""
        return self.is_everything or any(paths.covers(own, path) for own in self.paths)


NOTHING = Reach(is_everything=False, paths=())
EVERYTHING = Reach(is_everything=True, paths=())
# Stands among the granted paths for the model permission; no path is written so.
_EVERYWHERE = "*"


def reach(user: Person, *permissions: str) -> Reach:
    """Return how far any of `permissions` (codenames on Unit) reaches for `user`.

    Asks the tables and not `user.has_perm`, which remembers its first answer for as long as the account
    is loaded. Queries: one.
    """
    if not isinstance(user, Account) or not user.is_active:
        return NOTHING
    if user.is_superuser:
        return EVERYTHING
    if not permissions:
        return NOTHING
    granted = _GRANTED.ask(user.pk, timezone.localdate(), permissions)
    if _EVERYWHERE in granted:
        return EVERYTHING
    return Reach(is_everything=False, paths=tuple(_topmost(granted)))


def held(user: Person) -> frozenset[str]:
    """Return the permissions on units (codenames of READ) that `user` holds anywhere.

    Queries: one.
    """
    if not isinstance(user, Account) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(READ)
    granted = _HELD.ask(user.pk, timezone.localdate(), READ)
    return frozenset(READ).intersection(granted)


def holds(user: Person, permission: str) -> bool:
    """Say whether `user` holds the model permission `app.codename`, asked of the tables as `reach` does.

    Queries: one.
    """
    if not isinstance(user, Account) or not user.is_active:
        return False
    if user.is_superuser:
        return True
    app, codename = permission.split(".")
    named = Permission.objects.filter(content_type__app_label=app, codename=codename)
    return named.filter(Q(user=user) | Q(group__user=user)).exists()


def units(user: Person, *permissions: str) -> UnitQuerySet:
    """Return the units at which `user` holds any of `permissions`, closed ones included."""
    return Unit.objects.filter(reach(user, *permissions).condition("path"))


def topmost(user: Person, *permissions: str) -> UnitQuerySet:
    """Return the highest units at which `user` holds any of `permissions`; their subtrees do not overlap."""
    far = reach(user, *permissions)
    return Unit.objects.filter(parent=None) if far.is_everything else Unit.objects.filter(path__in=far.paths)


def may(user: Person, permission: str, unit: Unit) -> bool:
    """Say whether `user` holds `permission` at `unit`, directly or from above."""
    return reach(user, permission).covers(unit.path)


def sees(user: Person, unit: Unit) -> bool:
    """Say whether `user` may read anything of `unit`."""
    return reach(user, *READ).covers(unit.path)


def get_or_404(queryset: models.QuerySet[Row], **lookup: object) -> Row:
    """Return one row of an already scoped queryset; a stranger's row is as missing as a missing one."""
    return get_object_or_404(queryset, **lookup)


def grant(subject: Account | Group, permission: str, unit: Unit) -> None:
    """Give an account or a group one permission on a unit and its subtree; twice is once."""
    assign_perm(permission, subject, unit)


def grant_many(permission: str, rows: Iterable[tuple[Account, Unit]]) -> None:
    """Give accounts that have no grants yet one permission, each on its unit. Queries: one per 1,000."""
    held = _for_all_units([permission]).get()
    UnitUserObjectPermission.objects.bulk_create(
        [
            UnitUserObjectPermission(user=account, permission=held, content_object=unit)
            for account, unit in rows
        ],
        batch_size=1000,
    )


def revoke(subject: Account | Group, permission: str, unit: Unit) -> None:
    """Take one permission on one unit back; a missing one is no error."""
    remove_perm(permission, subject, unit)


def grants_on(unit: Unit, account: Account | None = None) -> list[tuple[Account | Group, str]]:
    """Return who holds which permission by a grant on this very unit; of one account only where given."""
    own = UnitUserObjectPermission.objects.filter(content_object=unit).select_related("user", "permission")
    held: list[tuple[Account | Group, str]] = [
        (row.user, row.permission.codename) for row in own if account is None or row.user_id == account.pk
    ]
    if account is None:
        of_groups = UnitGroupObjectPermission.objects.filter(content_object=unit)
        of_groups = of_groups.select_related("group", "permission")
        held += [(row.group, row.permission.codename) for row in of_groups]
    return held


def unlimited() -> models.QuerySet[Account]:
    """Return the active accounts without any limit, made by the operator of the server for emergencies."""
    return Account.objects.filter(is_superuser=True, is_active=True)


def holders(unit: Unit, permission: str) -> models.QuerySet[Account]:
    """Return the active accounts that hold `permission` at `unit` by a grant there or above it."""
    above = paths.ancestor_ids(unit.path)
    own = UnitUserObjectPermission.objects.filter(permission__codename=permission, content_object__in=above)
    of_groups = _of_groups().filter(permission__codename=permission, content_object__in=above)
    return Account.objects.filter(
        Q(pk__in=own.values("user")) | Q(groups__in=of_groups.values("group")), is_active=True
    ).distinct()


def holders_at(units: Iterable[Unit], permission: str) -> dict[int, list[Account]]:
    """Return, by the unit's key, the active accounts that hold `permission` there by a grant or from above.

    The same people as `holders` gives for each unit alone. Queries: three, whatever the number of units.
    """
    above = {unit.pk: paths.ancestor_ids(unit.path) for unit in units}
    asked = {"permission__codename": permission, "content_object__in": set().union(*above.values())}
    own = UnitUserObjectPermission.objects.filter(**asked).values_list("content_object_id", "user_id")
    of_groups = _of_groups().filter(**asked).exclude(group__user=None)
    granted: defaultdict[int, set[int]] = defaultdict(set)
    for unit, user in [*own, *of_groups.values_list("content_object_id", "group__user")]:
        granted[unit].add(user)
    active = Account.objects.filter(is_active=True, pk__in=set().union(*granted.values()))
    known = {account.pk: account for account in active}
    return {
        pk: [known[user] for user in sorted(set().union(*(granted[one] for one in line))) if user in known]
        for pk, line in above.items()
    }


def grantees(permission: str) -> models.QuerySet[Account]:
    """Return the active accounts that hold `permission` anywhere, as a grant or for all units."""
    own = UnitUserObjectPermission.objects.filter(permission__codename=permission)
    of_groups = _of_groups().filter(permission__codename=permission)
    everywhere = _for_all_units([permission])
    groups = Group.objects.filter(Q(pk__in=of_groups.values("group")) | Q(permissions__in=everywhere))
    return Account.objects.filter(
        Q(pk__in=own.values("user")) | Q(groups__in=groups) | Q(user_permissions__in=everywhere),
        is_active=True,
    ).distinct()


def _paths(user: int, day: dt.date, permissions: Words) -> models.QuerySet[Any, Any]:
    """Return the paths at which a person was granted any of `permissions`, and the sign for all units."""
    everywhere = _for_all_units(permissions).filter(Q(user=user) | Q(group__user=user))
    own = UnitUserObjectPermission.objects.filter(user=user, permission__codename__in=permissions)
    of_groups = _of_groups(day).filter(group__user=user, permission__codename__in=permissions)
    column = "content_object__path"
    return own.values_list(column, flat=True).union(
        of_groups.values_list(column, flat=True), everywhere.values_list(Value(_EVERYWHERE), flat=True)
    )


def _codenames(user: int, day: dt.date, permissions: Words) -> models.QuerySet[Any, Any]:
    """Return the permissions that a person was granted anywhere, those of all units only of `permissions`."""
    own = UnitUserObjectPermission.objects.filter(user=user)
    of_groups = _of_groups(day).filter(group__user=user)
    everywhere = _for_all_units(permissions).filter(Q(user=user) | Q(group__user=user))
    column = "permission__codename"
    return own.values_list(column, flat=True).union(
        of_groups.values_list(column, flat=True), everywhere.values_list("codename", flat=True)
    )


# A page asks several times, and building the union took two milliseconds each time.
_GRANTED, _HELD = Prepared(_paths), Prepared(_codenames)


def _of_groups(day: dt.date | None = None) -> models.QuerySet[UnitGroupObjectPermission]:
    """Return the grants of groups that hold today: those of a team only from its first day to its last.

    By the day and not by a task that takes them away: right at midnight, whether the clock runs or not.
    """
    return UnitGroupObjectPermission.objects.filter(on_duty("group__team", day or timezone.localdate()))


def _for_all_units(permissions: Iterable[str]) -> models.QuerySet[Permission]:
    """Return the model permissions on Unit of these codenames."""
    on_unit = Permission.objects.filter(content_type__app_label="units", content_type__model="unit")
    return on_unit.filter(codename__in=permissions).order_by()


def _topmost(granted: set[str]) -> list[str]:
    """Drop the paths that lie below another one; sorted, a parent stands before its children.

    A unit that was never planted has no path (""); a grant on it reaches nothing.
    """
    kept: list[str] = []
    for path in sorted(granted - {""}):
        if not kept or not paths.covers(kept[-1], path):
            kept.append(path)
    return kept
