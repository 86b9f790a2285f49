"""`manage.py audit verify`: name the first row of the audit trail that was tampered with."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from units import sealing
from units.models import AuditSeal


class Command(BaseCommand):
    """Seals and verifies the audit trail."""

    help = "Seal the audit trail, or verify the chain of its seals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what to do."""
        parser.add_argument("action", choices=["seal", "verify"])

    def handle(self, *, action: str, **_options: object) -> None:
        """Run the action. Raises: CommandError naming the first broken row."""
        if action == "seal":
            self.stdout.write(_("%(number)d rows sealed.") % {"number": sealing.seal()})
            return
        broken = sealing.first_break()
        if broken is not None:
            place = (
                _("row %(row)s") % {"row": broken.row_id}
                if broken.row_id
                else _("seal %(seal)s") % {"seal": broken.seal_id}
            )
            raise CommandError(
                _("The audit trail is broken at %(place)s: %(reason)s.")
                % {"place": place, "reason": broken.reason}
            )
        self.stdout.write(
            _("The audit trail holds: %(number)d seals.") % {"number": AuditSeal.objects.count()}
        )
