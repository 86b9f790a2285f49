"""Verbs on passwords: change one, use a first one up; whoever hands one out calls `units.accounts`."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from units import audit, notices
from units.models import Account, Deed, FormerPassword
from units.rules import RuleError

N_KEPT = 5


@transaction.atomic
def change_password(account: Account, password: str, *, actor: Account | None, way: str) -> Account:
    """Give the account a password of the person's own; all its sessions but the present one die of it.

    `way` goes into the audit trail: how the person proved to be entitled.
    Raises: ValidationError when the password breaks a rule of `PASSWORD_POLICY`.
    """
    validate_password(password, account)
    account.password_is_initial = False
    account.password_expires_at = None
    store(account, password)
    FormerPassword.objects.create(account=account, hash=account.password)
    kept = account.former_passwords.values_list("pk", flat=True)[:N_KEPT]
    account.former_passwords.exclude(pk__in=list(kept)).delete()
    changes = {"way": way}
    entry = audit.record(
        Deed.PASSWORD_CHANGE, actor=actor, subject=account, unit=account.unit, changes=changes
    )
    notices.tell(account, entry)
    return account


def check_first_password(account: Account) -> None:
    """Refuse a first password that has expired or was used.

    Raises: RuleError `first_password_over`.
    """
    if account.password_is_initial and not _is_good(account):
        raise RuleError(
            "first_password_over",
            _(
                "This first password has been used or is older than seven days. Ask the administrator of your"
                " bureau for a new one."
            ),
        )


def use_up_first_password(account: Account) -> None:
    """Let a first password be good for this sign-in alone; of two at once only one gets in.

    Raises: RuleError `first_password_over`.
    """
    if not account.password_is_initial:
        return
    now = timezone.now()
    used = Account.objects.filter(
        pk=account.pk, password_is_initial=True, password_expires_at__gt=now
    ).update(password_expires_at=now)
    account.password_expires_at = now
    if not used:
        check_first_password(account)


def must_change(account: Account, now: dt.datetime) -> bool:
    """Say whether the person has to change the password before anything else."""
    if account.password_is_initial:
        return True
    oldest = settings.PASSWORD_MAX_AGE_DAYS
    return bool(oldest) and now - account.password_changed_at >= dt.timedelta(days=oldest)


def store(account: Account, password: str) -> None:
    """Store a password with what is known of its age; ends the account's sessions, and no audit row yet."""
    account.set_password(password)
    account.password_changed_at = timezone.now()
    account.save(
        update_fields=["password", "password_is_initial", "password_expires_at", "password_changed_at"]
    )


def _is_good(account: Account) -> bool:
    return account.password_expires_at is not None and account.password_expires_at > timezone.now()
