"""`manage.py demonstration`: load the demonstration into an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.demonstration.accounts import password_file, sign_in_names
from portal.demonstration.loading import load_demonstration
from units.rules import RuleError


class Command(BaseCommand):
    """Loads it and prints who may sign in."""

    help = str(gettext_lazy("Load the demonstration campaign into an empty database."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help=_("Load it into a server's database too."))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load_demonstration(now=timezone.now(), is_forced=options["force"])
        except RuleError as refused:
            if refused.code != "not_empty":
                raise CommandError(str(refused.message)) from refused
            self.stdout.write(str(refused.message))
            return
        for shown in sign_in_names():
            self.stdout.write(f"{shown.username:<14} {shown.password}  {shown.role}  {shown.name}")
        self.stdout.write(_("The password is kept in %(file)s.") % {"file": password_file()})
