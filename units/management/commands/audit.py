"""`manage.py audit`: seal the trail, verify it, purge what has been kept long enough."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from units import anchoring, sealing
from units.models import AuditSeal
from units.purging import purge
from units.rules import RuleError


class Command(BaseCommand):
    """Seals, verifies and purges the audit trail."""

    help = "Seal the audit trail, verify the chain of its seals, or purge rows older than 180 days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what to do."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("seal", help="Seal the settled rows, as the clock does each minute.")
        actions.add_parser("verify", help="Name the first row or seal that was tampered with.")
        purging = actions.add_parser("purge", help="Delete sealed rows of before a day.")
        purging.add_argument("--before", required=True, type=dt.date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *, action: str, before: dt.date | None = None, **_options: object) -> None:
        """Run the action. Raises: CommandError naming the first broken row, or why nothing is purged."""
        if action == "seal":
            self.stdout.write(_("%(number)d rows sealed.") % {"number": sealing.seal()})
        elif action == "verify":
            self._verify()
        elif before is not None:
            self._purge(before)

    def _verify(self) -> None:
        """Say that the trail holds, with its last seal, or where it does not."""
        broken = sealing.first_break()
        if broken is not None:
            place = (
                _("row %(row)s") % {"row": broken.row_id}
                if broken.row_id
                else _("seal %(seal)s") % {"seal": broken.seal_id}
            )
            message = _("The audit trail is broken at %(place)s: %(reason)s.")
            raise CommandError(message % {"place": place, "reason": broken.reason})
        self.stdout.write(
            _("The audit trail holds: %(number)d seals.") % {"number": AuditSeal.objects.count()}
        )
        last = AuditSeal.objects.order_by("-id").first()
        if last is not None:
            note = _("Last seal %(seal)s up to row %(row)s: %(digest)s; noted outside: %(number)d.")
            facts = {"seal": last.pk, "row": last.last_id, "digest": last.digest}
            self.stdout.write(note % {**facts, "number": sum(1 for _note in anchoring.notes())})

    def _purge(self, before: dt.date) -> None:
        """Purge, or say why not."""
        try:
            n_rows = purge(timezone.make_aware(dt.datetime.combine(before, dt.time())), actor=None)
        except RuleError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(_("%(number)d rows purged.") % {"number": n_rows})
