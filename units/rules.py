"""The one error that a verb raises when a rule says no."""

from django.utils.functional import Promise


class RuleError(Exception):
    """A rule refused the deed; nothing was changed.

    `code` is stable and for machines (`not_yours`, `stale`, `wrong_state`, …); `message` is a
    translatable sentence for the person: the thing, the reason and the way out. `field` names the
    form field it belongs to, or is empty.
    """

    def __init__(self, code: str, message: str | Promise, *, field: str = "") -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.field = field
