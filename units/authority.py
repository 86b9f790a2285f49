"""What a verb of the administration asks before its deed: whether the person may do it, and there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from units import scope
from units.models import Account, Unit
from units.rules import RuleError


def check(actor: Account | None, permission: str, *places: Unit | None, field: str = "") -> None:
    """Refuse who lacks the model permission, or does not oversee every one of `places`.

    None among the places stands for all units. No actor is the operator at the shell, who may everything.
    Raises: RuleError `not_yours`, `out_of_reach`; the same for a unit out of reach as for all units.
    """
    if actor is None:
        return
    if not scope.holds(actor, permission):
        raise RuleError("not_yours", _("You may not do this; ask the bureau's administrator."))
    if not places:
        return
    far = scope.reach(actor, scope.OVERSEE)
    if not far.is_everything and not all(place is not None and far.covers(place.path) for place in places):
        message = _("This reaches further than you oversee; ask the bureau's administrator.")
        raise RuleError("out_of_reach", message, field=field)
