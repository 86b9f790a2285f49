"""Verbs on accounts: open one, give it a new password, appoint a person to a role, dismiss from it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from units import audit, passwords, scope
from units.models import Account, Deed, Unit, UnitUserObjectPermission
from units.roles import ROLES, Role
from units.rules import RuleError

# Without the letters and digits that are taken for one another.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
FIRST_PASSWORD_LASTS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Held:
    """One role that a person holds: at a unit and below it, or everywhere where `unit` is None."""

    role: Role
    unit: Unit | None


def held(account: Account) -> list[Held]:
    """Return the roles of a person, those of units first, in the tree's order. Queries: two."""
    return held_by([account])[account.pk]


def held_by(people: Iterable[Account]) -> dict[int, list[Held]]:
    """Return the roles of many people by account number, each list as `held` sorts it. Queries: two."""
    found: dict[int, list[Held]] = {account.pk: [] for account in people}
    by_permission = {role.permission: role for role in ROLES.values() if role.permission}
    grants = UnitUserObjectPermission.objects.filter(user__in=found, permission__codename__in=by_permission)
    for row in grants.select_related("permission", "content_object").order_by("content_object__path", "id"):
        found[row.user_id].append(Held(by_permission[row.permission.codename], row.content_object))
    groups = Account.groups.through.objects.filter(account__in=found, group__name__in=ROLES)
    for pk, name in groups.order_by("group__name").values_list("account_id", "group__name"):
        found[pk].append(Held(ROLES[name], None))
    return found


def random_password() -> str:
    """Return a password to be told once: four groups of five, 98 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _place in range(5)) for _group in range(4))


@transaction.atomic
def open_account(account: Account, password: str, *, actor: Account | None) -> Account:
    """Store a new account with its first password.

    Raises: ValidationError when a field is wrong or the sign-in name is taken.
    """
    account.set_password(password)
    account.full_clean()
    account.save(force_insert=True)
    audit.record(
        Deed.CREATE, actor=actor, subject=account, unit=account.unit, changes={"username": account.username}
    )
    return account


@transaction.atomic
def set_initial_password(account: Account, *, actor: Account | None) -> str:
    """Give the account a random first password and return it, this once; its sessions end.

    It is good for one sign-in within seven days, which leads to the page where the person changes it.
    Nobody can read it again: the trail says that it was set, not what it is.
    """
    password = random_password()
    account.password_is_initial = True
    account.password_expires_at = timezone.now() + FIRST_PASSWORD_LASTS
    passwords.store(account, password)
    changes = {"way": "first password"}
    audit.record(Deed.PASSWORD_CHANGE, actor=actor, subject=account, unit=account.unit, changes=changes)
    return password


@transaction.atomic
def appoint(account: Account, role: Role, *, actor: Account | None, unit: Unit | None = None) -> Account:
    """Give a person a role: at `unit` where the role is one of units, everywhere otherwise.

    Raises: RuleError `unit_needed` when a role of units comes without one, `own_roles`.
    """
    _check_own(account, actor)
    if role.permission:
        if unit is None:
            raise RuleError(
                "unit_needed", _("The role of %(role)s needs a unit.") % {"role": role.label}, field="unit"
            )
        scope.grant(account, role.permission, unit)
    else:
        account.groups.add(group_of(role))
    if role.is_staff and not account.is_staff:
        account.is_staff = True
        account.save(update_fields=["is_staff"])
    audit.record(Deed.GRANT, actor=actor, subject=account, unit=unit, changes={"role": role.code})
    return account


@transaction.atomic
def dismiss(account: Account, role: Role, *, actor: Account | None, unit: Unit | None = None) -> Account:
    """Take a role back; effective at the person's next request.

    Raises: RuleError `unit_needed` when a role of units comes without one, `own_roles`.
    """
    _check_own(account, actor)
    if role.permission:
        if unit is None:
            raise RuleError(
                "unit_needed", _("The role of %(role)s needs a unit.") % {"role": role.label}, field="unit"
            )
        scope.revoke(account, role.permission, unit)
    else:
        account.groups.remove(group_of(role))
    if account.is_staff and not any(one.role.is_staff for one in held(account)):
        account.is_staff = False
        account.save(update_fields=["is_staff"])
    audit.record(Deed.REVOKE, actor=actor, subject=account, unit=unit, changes={"role": role.code})
    return account


def group_of(role: Role) -> Group:
    """Return the group of a role that reaches everywhere, holding exactly the role's permissions."""
    group, _is_new = Group.objects.get_or_create(name=role.code)
    wanted = Q(pk__in=())
    for permission in role.everywhere:
        app, codename = permission.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    group.permissions.set(Permission.objects.filter(wanted))
    return group


def _check_own(account: Account, actor: Account | None) -> None:
    """Refuse a person who changes their own roles: a colleague has to."""
    if actor is not None and actor.pk == account.pk:
        raise RuleError("own_roles", _("Nobody changes their own roles; ask another administrator."))
