"""`manage.py changepassword NAME`: Django's command by the portal's verb, so that it is written down."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from units import accounts
from units.models import Account


class Command(BaseCommand):
    """Gives an account a new first password; the operator types none and learns none that lasts."""

    help = "Give an account a new first password and print it, this once: good for one sign-in in seven days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the account."""
        parser.add_argument("username")

    def handle(self, *, username: str, **_options: object) -> None:
        """Set and print it. Raises: CommandError when nobody has this name."""
        try:
            account = Account.objects.get_by_natural_key(username)
        except Account.DoesNotExist as error:
            raise CommandError(
                _("No account has the sign-in name “%(name)s”.") % {"name": username}
            ) from error
        password = accounts.set_initial_password(account, actor=None)
        self.stdout.write(f"{account.username}  {password}")
