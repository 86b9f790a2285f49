"""Verbs on the standing of an account: disable one, enable it, and find those that nobody uses."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from units import accounts, audit
from units.models import Account, Deed
from units.roles import ADMINISTRATOR
from units.rules import RuleError

# Source: GB/T 22239-2019, 8.1.4.2: superfluous and expired accounts are removed in time.
UNUSED_AFTER = dt.timedelta(days=90)


@transaction.atomic
def disable(account: Account, *, actor: Account | None, why: str = "") -> Account:
    """Shut an account: its sessions end at their next request, and nobody signs in with it.

    The password goes too, so that a session from before does not come back to life with the account.
    Roles stay, so that it is seen what the person held; they count for nothing while it is disabled.
    Raises: RuleError `own_account`, `out_of_reach`, `last_administrator`, `stale` where it is shut already.
    """
    if actor is not None and actor.pk == account.pk:
        raise RuleError("own_account", _("Nobody disables their own account; ask another administrator."))
    accounts.check_below(account, actor)
    _keep_an_administrator(account)
    if not Account.objects.filter(pk=account.pk, is_active=True).update(is_active=False):
        raise RuleError("stale", _("The account of %(person)s is disabled already.") % {"person": account})
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["password"])
    changes = {"is_active": [True, False]} | ({"why": why} if why else {})
    audit.record(Deed.DISABLE, actor=actor, subject=account, unit=account.unit, changes=changes)
    return account


@transaction.atomic
def enable(account: Account, *, actor: Account | None) -> str:
    """Open a disabled account again and return its new first password, this once.

    Raises: RuleError `own_account`, `out_of_reach`, `stale` where it is enabled already.
    """
    if actor is not None and actor.pk == account.pk:
        raise RuleError("own_account", _("Nobody enables their own account; ask another administrator."))
    if not Account.objects.filter(pk=account.pk, is_active=False).update(
        is_active=True, enabled_at=timezone.now()
    ):
        raise RuleError("stale", _("The account of %(person)s is enabled already.") % {"person": account})
    account.refresh_from_db()
    changes = {"is_active": [False, True]}
    audit.record(Deed.ENABLE, actor=actor, subject=account, unit=account.unit, changes=changes)
    return accounts.set_initial_password(account, actor=actor)


def unused(now: dt.datetime, after: dt.timedelta = UNUSED_AFTER) -> QuerySet[Account]:
    """Return the enabled accounts unused for so long; one that was never used counts from its opening."""
    used = Coalesce("last_login", "enabled_at", "date_joined")
    since = Account.objects.filter(is_active=True).annotate(used_at=used).filter(used_at__lte=now - after)
    # One that was enabled again a day ago is no leftover, whenever it was used before.
    return since.exclude(enabled_at__gt=now - after)


def _keep_an_administrator(account: Account) -> None:
    """Refuse to shut the last account that could open any other."""
    group = accounts.group_of(ADMINISTRATOR)
    # Locked, so that two administrators do not disable one another at the same moment.
    active = list(Account.objects.select_for_update().filter(groups=group, is_active=True).order_by("pk"))
    if active == [account]:
        message = _("%(person)s is the last administrator; appoint another one first.")
        raise RuleError("last_administrator", message % {"person": account})
