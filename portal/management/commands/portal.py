"""`manage.py portal`: run the whole portal in one terminal."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from portal.launcher.output import Terminal
from portal.launcher.refusals import Refusal
from portal.launcher.running import language, run


class Command(BaseCommand):
    """Starts broker, web server, worker and clock, and stops them with itself."""

    help = "Run the portal: broker, web server, worker and clock. PORT, HOST and VAR_DIR choose where."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(language()):
            try:
                run(Terminal())
            except Refusal as refused:
                self.stderr.write(str(refused))
                sys.exit(1)
            except KeyboardInterrupt:
                sys.exit(130)
