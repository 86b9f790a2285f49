"""The verb of the unit head: put one's name under the filed report."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.weekly.models import Step, WeeklyReport
from reports.weekly.reviewing import wrong_state
from reports.weekly.stepping import Move, move
from units import scope
from units.models import Account
from units.rules import RuleError


def sign(report: WeeklyReport, *, actor: Account) -> WeeklyReport:
    """Sign a filed report where the campaign asks for it; a return takes the signature off again.

    Raises: RuleError `stale`, `not_yours`, `wrong_state`, `not_asked`.
    """
    if not scope.may(actor, scope.SIGN, report.unit):
        raise RuleError("not_yours", _("Only the head of the unit signs its report."))
    if not report.period.campaign.asks_signature or report.is_of_records:
        raise RuleError("not_asked", _("This campaign asks for no signature."))
    if not report.waits_for_signature:
        raise wrong_state(_("Only a filed report that nobody has signed yet can be signed."))
    with transaction.atomic():
        columns = {"signed_by": actor, "signed_at": timezone.now()}
        return move(Step.SIGN, Move(report, columns), actor=actor)
