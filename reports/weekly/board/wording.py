"""The words of the board, in the person's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.weekly.board.marks import FILED, LETTERS, NOTHING_OWED

RATE_NAMES = (
    gettext_lazy("On time %"),
    gettext_lazy("Late %"),
    gettext_lazy("Zero %"),
    gettext_lazy("Returned %"),
    gettext_lazy("Missing %"),
)


def words() -> dict[str, str]:
    """Return what each letter of the board says."""
    found = {letter: str(standing.label) for letter, standing in LETTERS.items()}
    for letter in FILED:
        found[letter.upper()] = _("%(standing)s, accepted") % {"standing": found[letter]}
    return found | {NOTHING_OWED: _("nothing owed")}
