"""`manage.py attachments verify` and `… sweep`: prove every stored file, or take away what nobody shows."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.records.files import care

# A night of the slowest disk; the command is to see all of them.
SECONDS = 7 * 24 * 60 * 60


class Command(BaseCommand):
    """Verifies and sweeps stored files."""

    help = "Compare all stored files with their hashes, or delete what belongs to no record."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what to do."""
        parser.add_argument("action", choices=["verify", "sweep"])

    def handle(self, *, action: str, **_options: object) -> None:
        """Run the action. Raises: CommandError where a file is damaged or missing."""
        if action == "sweep":
            return self._sweep()
        return self._verify()

    def _sweep(self) -> None:
        swept = care.sweep()
        message = _("%(attachments)d attachments, %(files)d files and %(strays)d strays deleted.")
        counts = {"attachments": swept.n_attachments, "files": swept.n_files, "strays": swept.n_strays}
        self.stdout.write(message % counts)

    def _verify(self) -> None:
        n_seen, n_bad = care.verify(seconds=SECONDS, since=timezone.now())
        if n_bad:
            message = _("%(bad)d of %(seen)d files are damaged or missing; restore them from the backup.")
            raise CommandError(message % {"bad": n_bad, "seen": n_seen})
        self.stdout.write(_("%(seen)d files are what they should be.") % {"seen": n_seen})
