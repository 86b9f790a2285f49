"""`manage.py records load FILE`: bring a ledger of past activities in as approved records."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.campaigns.models import ActivityType, Indicator
from reports.records.asked import shown
from reports.records.ledger import Problem, Reader, Reading
from reports.records.loading import Outcome, load
from units.rules import RuleError
from units.workbooks.reading import WorkbookError, read_path

# So many errors are named line by line; the number of all is said.
SHOWN_PROBLEMS = 200


class Command(BaseCommand):
    """Loads ledgers."""

    help = "Load a ledger of past activities (xlsx, xls, ods, csv) as approved records."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the file and for what its columns hold."""
        actions = parser.add_subparsers(dest="action", required=True)
        bring = actions.add_parser("load", help="Load a file; all of its lines, or none.")
        bring.add_argument("file", type=Path)
        bring.add_argument("--campaign", required=True, help="Code of the campaign.")
        bring.add_argument("--type", required=True, help="Code of the activity type.")
        bring.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=HEADING",
            help="unit, held_on, title, place, text or an indicator's code, and the heading of its column.",
        )
        bring.add_argument(
            "--set", action="append", default=[], metavar="FIELD=VALUE", help="The same on every line."
        )
        bring.add_argument("--dry-run", action="store_true", help="Read and check; write nothing.")

    def handle(self, **options: object) -> None:
        """Read, check, load. Raises: CommandError with the reason; nothing is written then."""
        file = Path(str(options["file"]))
        try:
            reading = Reading(
                activity_type=_type(str(options["campaign"]), str(options["type"])),
                source=file.name,
                columns=_pairs(options["map"]),
                constants=_pairs(options["set"]),
            )
            self._load(reading, file, is_dry=bool(options["dry_run"]))
        except OSError as error:
            raise CommandError(_("“%(file)s” cannot be opened.") % {"file": file}) from error
        except (WorkbookError, RuleError) as error:
            raise CommandError(str(error)) from error

    def _load(self, reading: Reading, file: Path, *, is_dry: bool) -> None:
        """Load one file, or stop at its errors."""
        reader = Reader(reading, today=reading.activity_type.campaign.today(timezone.now()))
        entries = reader.read(read_path(file))
        if reader.problems:
            self._name(reader.problems)
        if is_dry:
            self.stdout.write(
                _("%(count)d lines can be loaded; nothing was written.") % {"count": len(entries)}
            )
            return
        outcome = load(reading, entries, actor=None)
        self._say(outcome, reader.indicators)

    def _name(self, problems: list[Problem]) -> None:
        """Name the errors, those of the whole file first. Raises: CommandError."""
        for problem in sorted(problems, key=lambda problem: problem.line)[:SHOWN_PROBLEMS]:
            place = _("line %(line)d") % {"line": problem.line} if problem.line else _("file")
            self.stderr.write(f"{place}, {problem.field}: {problem.message}")
        message = _("Nothing was loaded: %(count)d errors have to be corrected in the file first.")
        raise CommandError(message % {"count": len(problems)})

    def _say(self, outcome: Outcome, indicators: list[Indicator]) -> None:
        """Say what was loaded, with the sum of every indicator."""
        message = _("%(new)d records of %(units)d units loaded; %(known)d lines were loaded before.")
        counts = {
            "new": len(outcome.records),
            "units": len({record.unit_id for record in outcome.records}),
            "known": outcome.n_known,
        }
        self.stdout.write(self.style.SUCCESS(message % counts))
        sums: Counter[str] = Counter()
        for record in outcome.records:
            sums.update(record.values)
        for indicator in indicators:
            if indicator.code in sums:
                self.stdout.write(f"  {indicator.name}: {shown(sums[indicator.code], indicator)}")


def _type(campaign: str, code: str) -> ActivityType:
    """Return the type of that code in the campaign of that code. Raises: RuleError `type_unknown`."""
    types = ActivityType.objects.select_related("campaign").filter(campaign__code=campaign, code=code)
    found: ActivityType | None = types.first()
    if found is None:
        message = _("The campaign “%(campaign)s” has no activity type “%(type)s”.")
        raise RuleError("type_unknown", message % {"campaign": campaign, "type": code})
    return found


def _pairs(written: object) -> dict[str, str]:
    """Return FIELD=TEXT arguments as a mapping. Raises: RuleError `not_a_pair`."""
    pairs = {}
    for pair in written if isinstance(written, list) else []:
        name, equals, value = str(pair).partition("=")
        if not equals or not name:
            message = _("“%(text)s”: write a field, an equals sign and a heading or a value.")
            raise RuleError("not_a_pair", message % {"text": pair})
        pairs[name.strip()] = value
    return pairs
