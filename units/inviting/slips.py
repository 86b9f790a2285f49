"""What each invited person is handed: shown once, on paper, and kept nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from units.accounts import held
from units.models import Account, Unit
from units.roles import Role


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's way in; the password is in no repr, so that no log and no error page shows it."""

    account: Account
    roles: tuple[tuple[Role, Unit | None], ...]
    expires_at: dt.datetime
    password: str = field(repr=False)


def slip_of(account: Account, password: str) -> Slip:
    """Return the slip of an account that is stored already and has just got this first password."""
    roles = [(one.role, one.unit) for one in held(account)]
    return slip(account, roles, password)


def slip(account: Account, roles: Iterable[tuple[Role, Unit | None]], password: str) -> Slip:
    """Return the slip. Raises: ValueError for an account without a first password."""
    if account.password_expires_at is None:
        raise ValueError(f"account {account.pk} has no first password")
    return Slip(account, tuple(roles), account.password_expires_at, password)


def in_tree_order(slips: Sequence[Slip]) -> list[Slip]:
    """Return the slips unit by unit, as they are handed out."""
    return sorted(
        slips, key=lambda one: (one.account.unit.path if one.account.unit else "", one.account.name)
    )
