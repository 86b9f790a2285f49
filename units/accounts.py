"""Verbs on accounts: open one, appoint a person to a role, dismiss from it."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from units import audit, passwords, scope
from units.models import Account, Deed, Unit
from units.roles import Role
from units.rules import RuleError

FIRST_PASSWORD_LASTS = dt.timedelta(days=7)
# Without the signs that a printed slip makes look alike.
SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"

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
    password = "-".join("".join(secrets.choice(SIGNS) for _sign in range(4)) for _group in range(4))
    account.password_is_initial = True
    account.password_expires_at = timezone.now() + FIRST_PASSWORD_LASTS
    passwords.store(account, password)
    changes = {"way": "first password"}
    audit.record(Deed.PASSWORD_CHANGE, actor=actor, subject=account, unit=account.unit, changes=changes)
    return password


@transaction.atomic
def appoint(account: Account, role: Role, *, actor: Account | None, unit: Unit | None = None) -> Account:
    """Give a person a role: at `unit` where the role is one of units, everywhere otherwise.

    Raises: RuleError `unit_needed` when a role of units comes without one.
    """
    if role.permission:
        if unit is None:
            raise RuleError("unit_needed", _("The role of %(role)s needs a unit.") % {"role": role.label})
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

    Raises: RuleError `unit_needed` when a role of units comes without one.
    """
    if role.permission:
        if unit is None:
            raise RuleError("unit_needed", _("The role of %(role)s needs a unit.") % {"role": role.label})
        scope.revoke(account, role.permission, unit)
    else:
        account.groups.remove(group_of(role))
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
