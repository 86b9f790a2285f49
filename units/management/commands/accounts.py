"""`manage.py accounts review [--disable]`: the quarterly look at accounts; `… roles`: after an upgrade."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from units import standing
from units.accounts import refresh_roles
from units.models import Account
from units.rules import RuleError


class Command(BaseCommand):
    """Lists, and disables where asked, the accounts without a sign-in for so many days; refreshes roles."""

    help = "review: list accounts unused for 90 days, --disable shuts them. roles: what this version gives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what to do."""
        parser.add_argument("action", choices=["review", "roles"])
        parser.add_argument(
            "--disable", action="store_true", help="Disable them; without it they are listed."
        )
        parser.add_argument(
            "--days", type=int, default=standing.UNUSED_AFTER.days, help="Unused so long (90)."
        )

    def handle(self, *, action: str, disable: bool, days: int, **_options: object) -> None:
        """List, and disable where asked; one that a rule keeps open holds up no other."""
        if action == "roles":
            self.stdout.write(_("%(number)d roles changed.") % {"number": len(refresh_roles())})
            return
        unused = list(standing.unused(timezone.now(), dt.timedelta(days=days)).select_related("unit"))
        n_disabled = 0
        for account in unused:
            last = timezone.localdate(account.last_login).isoformat() if account.last_login else "—"
            self.stdout.write(f"{account.username}  {account.name}  {account.unit or '—'}  {last}")
            n_disabled += disable and self._disable(account, days)
        counts = {"unused": len(unused), "days": days, "disabled": n_disabled}
        self.stdout.write(_("%(unused)d accounts unused for %(days)d days, %(disabled)d disabled.") % counts)

    def _disable(self, account: Account, days: int) -> bool:
        """Disable one; say whether it was done."""
        try:
            standing.disable(account, actor=None, why=f"unused for {days} days")
        except RuleError as error:
            self.stderr.write(f"{account.username}: {error.message}")
            return False
        return True
