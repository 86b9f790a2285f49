"""`manage.py units import FILE` and `manage.py units check`: bring units in, and look after their paths."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from units import tree
from units.importing.carrying_out import carry_out
from units.importing.plan import Options, Plan, make_plan
from units.importing.report import lines_of, problem_lines
from units.importing.table import Table, find_table
from units.rules import RuleError
from units.workbooks.reading import WorkbookError, read_path


class Command(BaseCommand):
    """Imports units from a published list, and checks the tree's paths."""

    help = "Import units from an xlsx, xls, ods or csv file, or check the paths of the tree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for what to do."""
        actions = parser.add_subparsers(dest="action", required=True)
        bring = actions.add_parser("import", help="Show what a file would bring; --commit brings it.")
        bring.add_argument("file", type=Path)
        bring.add_argument("--parent", default="", help="Code of the parent of rows without their own.")
        bring.add_argument("--kind", default="", help="Code of the kind of rows without their own.")
        bring.add_argument("--commit", action="store_true", help="Import; without it nothing is written.")
        bring.add_argument("--rows", type=int, default=20, help="How many rows to show (20).")
        check = actions.add_parser("check", help="Compare each unit's path with its parents.")
        check.add_argument("--repair", action="store_true", help="Derive the wrong paths anew.")

    def handle(self, *, action: str, **options: object) -> None:
        """Run the action. Raises: CommandError with the reason."""
        if action == "check":
            self._check(repair=bool(options["repair"]))
            return
        chosen = Options(parent=str(options["parent"]), kind=str(options["kind"]))
        self._import(Path(str(options["file"])), chosen, bool(options["commit"]), int(str(options["rows"])))

    def _import(self, file: Path, options: Options, commit: bool, n_rows: int) -> None:
        """Show the plan, and carry it out where that is asked."""
        try:
            table = find_table(read_path(file))
        except OSError as error:
            raise CommandError(_("“%(file)s” cannot be opened.") % {"file": file}) from error
        except (WorkbookError, RuleError) as error:
            raise CommandError(str(error)) from error
        plan = make_plan(table, options)
        self.stdout.write("\n".join(lines_of(table, plan, n_rows)))
        self._refuse(table, plan)
        if commit:
            self._carry_out(table, options, file.name)
        else:
            self.stdout.write(_("Nothing was written. Run it again with --commit to import."))

    def _refuse(self, table: Table, plan: Plan) -> None:
        """Name every row with an error."""
        if plan.problems:
            self.stderr.write("\n".join(problem_lines(table, plan)))
            message = _("Nothing was imported: %(count)d errors have to be corrected in the file first.")
            raise CommandError(message % {"count": len(plan.problems)})

    def _carry_out(self, table: Table, options: Options, source: str) -> None:
        """Import."""
        try:
            plan = carry_out(table, options, actor=None, source=source)
        except RuleError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(_("Imported: %(counts)s.") % {"counts": plan.counts()}))

    def _check(self, *, repair: bool) -> None:
        """Name the units whose path is wrong; derive them anew where that is asked."""
        wrong = tree.wrong_paths()
        for unit, path in wrong:
            self.stderr.write(f"{unit.code} {unit.name}: {unit.path or '—'} → {path}")
        if wrong and not repair:
            message = _("%(count)d units have a wrong path; run it again with --repair.")
            raise CommandError(message % {"count": len(wrong)})
        repaired = tree.repair_paths(actor=None) if wrong else 0
        self.stdout.write(_("Every unit's path is right; %(count)d were repaired.") % {"count": repaired})
