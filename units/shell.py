"""What the operator's shell could do past the verbs: refused, or written down before it begins.

The portal's own commands call verbs, which write their own rows. Those of Django and of the libraries know
no verb. `migrate` is not among them: it makes the table of the trail in the first place.
"""

from __future__ import annotations

from collections.abc import Sequence

import django
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from units.rules import RuleError

_PAST_EVERY_RULE = _(
    "It writes rows past every rule; use “units import”, “records load” or the pages instead."
)
REFUSED: dict[str, str | Promise] = {
    "account_unsetmultipleprimaryemails": _PAST_EVERY_RULE,
    "flush": _("It would empty the audit trail, too; to begin anew, drop the database and migrate."),
    "import": _PAST_EVERY_RULE,
    "loaddata": _PAST_EVERY_RULE,
}
WRITTEN_DOWN = frozenset(
    {
        "axes_list_attempts",
        "axes_reset",
        "axes_reset_failure_logs",
        "axes_reset_ip",
        "axes_reset_ip_username",
        "axes_reset_logs",
        "axes_reset_username",
        "clean_orphan_obj_perms",
        "dbshell",
        "dumpdata",
        "export",
        "remove_stale_contenttypes",
        "shell",
    }
)


def guard(arguments: Sequence[str]) -> None:
    """Look at a command line before it runs; of what was typed behind the command nothing is kept.

    Raises: RuleError `refused_command`.
    """
    name = arguments[1] if len(arguments) > 1 else ""
    if name not in REFUSED.keys() | WRITTEN_DOWN or {"-h", "--help"} & set(arguments):
        return
    # Neither models nor translations are there before: this runs ahead of Django's own command line.
    django.setup()
    if name in REFUSED:
        raise RuleError("refused_command", f"{name}: {REFUSED[name]}")
    import_string("units.audit.record")("command", actor=None, changes={"command": name})
