"""Verbs on accounts: open one, give it a new password, appoint to a role, dismiss from it, hand it over."""

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

from units import audit, authority, notices, passwords, registry, scope
from units.models import Account, Deed, Unit, UnitUserObjectPermission
from units.roles import ROLES, Role
from units.rules import RuleError

# Without the letters and digits that are taken for one another.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ADD, CHANGE = "units.add_account", "units.change_account"
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

    Raises: RuleError `not_yours`, `out_of_reach`, ValidationError when a field is wrong or the sign-in
    name is taken.
    """
    authority.check(actor, ADD, account.unit)
    account.set_password(password)
    account.full_clean()
    account.save(force_insert=True)
    audit.record(
        Deed.CREATE, actor=actor, subject=account, unit=account.unit, changes={"username": account.username}
    )
    return account


def note_unlimited(account: Account) -> None:
    """Write down that the operator opened an account without any limit; `createsuperuser` calls this."""
    changes = {"username": account.username, "is_superuser": True}
    audit.record(Deed.CREATE, actor=None, subject=account, unit=account.unit, changes=changes)


@transaction.atomic
def set_initial_password(account: Account, *, actor: Account | None) -> str:
    """Give the account a random first password and return it, this once; its sessions end.

    It is good for one sign-in within seven days, which leads to the page where the person changes it.
    Nobody can read it again: the trail says that it was set, not what it is.
    Raises: RuleError `out_of_reach`.
    """
    check_below(account, actor)
    password = random_password()
    account.password_is_initial = True
    account.password_expires_at = timezone.now() + FIRST_PASSWORD_LASTS
    passwords.store(account, password)
    changes = {"way": "first password"}
    entry = audit.record(
        Deed.PASSWORD_CHANGE, actor=actor, subject=account, unit=account.unit, changes=changes
    )
    notices.tell(account, entry)
    return password


@transaction.atomic
def appoint(account: Account, role: Role, *, actor: Account | None, unit: Unit | None = None) -> Account:
    """Give a person a role: at `unit` where the role is one of units, everywhere otherwise.

    Raises: RuleError `unit_needed` when a role of units comes without one, `own_roles`, `out_of_reach`.
    """
    _check_own(account, actor)
    check_reach(actor, role, unit)
    if role.permission:
        if unit is None:
            raise _unit_needed(role)
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

    Raises: RuleError `unit_needed` when a role of units comes without one, `own_roles`, `out_of_reach`.
    """
    _check_own(account, actor)
    check_reach(actor, role, unit)
    if role.permission:
        if unit is None:
            raise _unit_needed(role)
        scope.revoke(account, role.permission, unit)
    else:
        account.groups.remove(group_of(role))
    if account.is_staff and not any(one.role.is_staff for one in held(account)):
        account.is_staff = False
        account.save(update_fields=["is_staff"])
    audit.record(Deed.REVOKE, actor=actor, subject=account, unit=unit, changes={"role": role.code})
    return account


@transaction.atomic
def hand_over(old: Account, new: Account, *, actor: Account | None) -> list[Held]:
    """Let the successor hold every role of units that `old` held; return those roles.

    What the units owe, their drafts and what was returned to them belong to the units, so it goes on with
    the successor; what `old` did keeps the name of `old`. Roles that reach everywhere and places in teams
    are given to a person and not to a desk: they stay.
    Raises: RuleError `same_person`, `not_active`, `own_roles`, `out_of_reach`, `nothing_to_hand_over`.
    """
    # In the order of their numbers, so that two hand-overs crosswise do not wait for one another.
    locked = Account.objects.select_for_update().filter(pk__in=[old.pk, new.pk]).order_by("pk")
    people = {account.pk: account for account in locked}
    old, new = people[old.pk], people[new.pk]
    if old == new:
        raise RuleError("same_person", _("The successor is the same person; choose another."), field="new")
    if not new.is_active:
        message = _("The account of %(person)s is disabled; enable it first or choose another.")
        raise RuleError("not_active", message % {"person": new}, field="new")
    moving = [one for one in held(old) if one.unit is not None]
    if not moving:
        message = _("%(person)s holds no role of a unit; somebody else may have handed it over already.")
        raise RuleError("nothing_to_hand_over", message % {"person": old})
    for one in moving:
        dismiss(old, one.role, actor=actor, unit=one.unit)
        appoint(new, one.role, actor=actor, unit=one.unit)
    if new.unit_id is None and old.unit_id is not None:
        new.unit_id = old.unit_id
        registry.amend(new, ["unit"], actor=actor, unit=old.unit)
    changes = {"successor": new.username, "roles": [f"{one.role.code} {one.unit}" for one in moving]}
    audit.record(Deed.HAND_OVER, actor=actor, subject=old, unit=old.unit, changes=changes)
    return moving


def group_of(role: Role) -> Group:
    """Return the group of a role that reaches everywhere, holding exactly the role's permissions."""
    group, _is_new = Group.objects.get_or_create(name=role.code)
    wanted = Q(pk__in=())
    for permission in role.everywhere:
        app, codename = permission.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    group.permissions.set(Permission.objects.filter(wanted))
    return group


@transaction.atomic
def refresh_roles() -> list[Role]:
    """Give the groups of roles the permissions that this version gives them; return the roles that changed.

    Whoever was appointed under an earlier version holds them from then on, too.
    """
    changed = []
    for role in ROLES.values():
        stored = Group.objects.filter(name=role.code).first()
        if stored is None:
            continue
        before = _codes(stored)
        after = _codes(group_of(role))
        if before != after:
            changes = {"added": sorted(after - before), "removed": sorted(before - after)}
            audit.record(Deed.CHANGE, actor=None, subject=stored, changes=changes)
            changed.append(role)
    return changed


def _codes(group: Group) -> set[str]:
    """Return the permissions of a group as `app.codename`."""
    rows = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def check_reach(actor: Account | None, role: Role, unit: Unit | None) -> None:
    """Refuse to give or take a role that reaches further than the actor oversees.

    Raises: RuleError `not_yours`, `out_of_reach`, the same for a unit out of reach as for all units.
    """
    if actor is None:
        return
    authority.check(actor, CHANGE)
    far = scope.reach(actor, scope.OVERSEE)
    is_covered = far.is_everything if unit is None or not role.permission else far.covers(unit.path)
    if not is_covered and not (role.permission and unit is None):
        message = _("The role of %(role)s reaches further than you oversee; ask the bureau's administrator.")
        raise RuleError("out_of_reach", message % {"role": role.label}, field="role")


def check_below(account: Account, actor: Account | None) -> None:
    """Refuse to take hold of an account that lies out of the actor's reach, or may do more.

    Raises: RuleError `not_yours`, `out_of_reach`.
    """
    if actor is not None and actor.pk != account.pk:
        authority.check(actor, CHANGE, account.unit)
        for one in held(account):
            check_reach(actor, one.role, one.unit)


def _unit_needed(role: Role) -> RuleError:
    return RuleError(
        "unit_needed", _("The role of %(role)s needs a unit.") % {"role": role.label}, field="unit"
    )


def _check_own(account: Account, actor: Account | None) -> None:
    """Refuse a person who changes their own roles: a colleague has to."""
    if actor is not None and actor.pk == account.pk:
        raise RuleError("own_roles", _("Nobody changes their own roles; ask another administrator."))
