"""Run a management command of the portal."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from units import origin, shell
from units.rules import RuleError


def main() -> None:
    """Hand the command line to Django with the portal's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        with origin.coming_from(origin.of_command(sys.argv)):
            shell.guard(sys.argv)
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, RuleError) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
